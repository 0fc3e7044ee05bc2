// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Edge;

/// <summary>Room for requests that have begun to come and are not handled yet, over all streams. One connection gets half of it, or one largest request.</summary>
internal sealed class RequestBudget(EdgeLimits limits)
{
    private readonly FairLimiter room = new(
        Math.Max(limits.UnhandledBytes, Largest(limits)), Math.Max(limits.UnhandledBytes / 2, Largest(limits)), int.MaxValue);

    public long InUse => room.InUse;

    public int Waiting => room.Waiting;

    // A waiting stream costs a window at most, and streams are bounded by their connections.
    public async ValueTask<IDisposable> ReserveAsync(string client, long bytes, CancellationToken ct) =>
        await room.TakeAsync(client, bytes, ct) ?? throw new InvalidOperationException("The queue has no end.");

    private static long Largest(EdgeLimits limits) => limits.RequestBytes + (long)GrpcFrame.HeadLength;
}
