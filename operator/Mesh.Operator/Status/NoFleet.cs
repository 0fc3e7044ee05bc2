// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Acks;

namespace Mesh.Operator.Status;

/// <summary>An operator that is the only one, as with a folder of files.</summary>
internal sealed class NoFleet : IFleet
{
    public TimeSpan? Due => null;

    public Task WaitForChangeAsync(CancellationToken ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);

    public FleetView Look(ImmutableArray<ProxyState> own) => FleetView.Alone;

    public void Reported(StatusInput input, StatusReport report)
    {
        // Nobody asks.
    }
}
