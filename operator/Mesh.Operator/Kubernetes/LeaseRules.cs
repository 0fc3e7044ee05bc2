// SPDX-License-Identifier: Apache-2.0
using k8s.Models;

namespace Mesh.Operator.Kubernetes;

/// <summary>What a replica does about the lease as it found it.</summary>
internal enum LeaseStep
{
    /// <summary>There is none: create it.</summary>
    Create,

    /// <summary>It is ours: renew it.</summary>
    Renew,

    /// <summary>It was released, or its holder has not renewed it for its duration: take it.</summary>
    Take,

    /// <summary>Somebody else holds it.</summary>
    Wait,
}

/// <summary>The rules of a lease; pure.</summary>
internal static class LeaseRules
{
    /// <param name="found">The lease; null when there is none.</param>
    /// <param name="identity">This replica.</param>
    /// <param name="unchangedFor">How long it has been as it is, by our own clock: the holder's clock may be wrong.</param>
    public static LeaseStep Next(V1LeaseSpec? found, string identity, TimeSpan unchangedFor)
    {
        if (found is null)
        {
            return LeaseStep.Create;
        }

        if (string.IsNullOrEmpty(found.HolderIdentity))
        {
            return LeaseStep.Take;
        }

        // Also after a restart: a replica's name is its own, so the holder before was we.
        return found.HolderIdentity == identity ? LeaseStep.Renew
            : unchangedFor >= TimeSpan.FromSeconds(found.LeaseDurationSeconds ?? 0) ? LeaseStep.Take
            : LeaseStep.Wait;
    }

    /// <summary>The lease as this replica holds it from now on.</summary>
    public static V1LeaseSpec Held(V1LeaseSpec? before, string identity, TimeSpan duration, DateTime now)
    {
        var isOurs = before?.HolderIdentity == identity;
        return new V1LeaseSpec
        {
            HolderIdentity = identity,
            LeaseDurationSeconds = (int)Math.Max(1, Math.Ceiling(duration.TotalSeconds)),
            AcquireTime = isOurs ? before!.AcquireTime : now, // Ours means that there was one.
            RenewTime = now,
            LeaseTransitions = (before?.LeaseTransitions ?? 0) + (before is null || isOurs ? 0 : 1),
        };
    }

    /// <summary>The lease with nobody holding it, for the next replica to take at once.</summary>
    public static V1LeaseSpec Released(V1LeaseSpec before, DateTime now) => new()
    {
        HolderIdentity = string.Empty,
        LeaseDurationSeconds = 1,
        AcquireTime = before.AcquireTime,
        RenewTime = now,
        LeaseTransitions = before.LeaseTransitions,
    };
}
