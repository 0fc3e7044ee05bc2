// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Acks;

namespace Mesh.Operator.Status;

/// <summary>The replicas of the operator, as the status stage sees them. Called by its loop only, but for the wait.</summary>
internal interface IFleet
{
    /// <summary>How long <see cref="Look"/> stays as it is without anybody's doing; null: for ever.</summary>
    TimeSpan? Due { get; }

    /// <summary>Completes at the next change. Call it before <see cref="Look"/>, and a change in between is not missed.</summary>
    Task WaitForChangeAsync(CancellationToken ct);

    /// <param name="own">The proxies that are connected to this replica.</param>
    FleetView Look(ImmutableArray<ProxyState> own);

    /// <summary>What became of what <see cref="Look"/> said.</summary>
    void Reported(StatusInput input, StatusReport report);
}
