// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

/// <summary>Whether this replica is the one that writes to the cluster.</summary>
public interface ILeadership
{
    /// <summary>False at the latest when another replica may be the leader.</summary>
    bool IsLeader { get; }

    /// <summary>Completes at the next change. Call it before reading <see cref="IsLeader"/>, and a change between reading and awaiting is not missed.</summary>
    Task WaitForChangeAsync(CancellationToken ct);
}
