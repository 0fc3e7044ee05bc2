// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Grpc.Core;

namespace Mesh.Xds.Edge;

/// <summary>
/// Lets a bounded number of new streams into their initial sync at a time: from the first request, which is not even read before, until
/// the first snapshot was handled and its responses were handed over. When all proxies reconnect at once, the others wait in order, with
/// their requests in the clients' windows and not in our memory.
/// </summary>
internal sealed class AdmissionGate(EdgeLimits limits, TimeProvider time)
{
    private readonly FairLimiter places = new(limits.Starting, Math.Max(1, limits.Starting / 2), limits.WaitingToStart);

    public int Waiting => places.Waiting;

    public long Starting => places.InUse;

    /// <summary>Admission, which ends when it is disposed or after <see cref="EdgeLimits.StartTime"/>: a stalled client must not keep others out.</summary>
    /// <exception cref="RpcException">Too many wait already.</exception>
    public async ValueTask<IDisposable> EnterAsync(string client, CancellationToken ct) =>
        await places.TakeAsync(client, 1, ct) is { } place
            ? new Admission(place, time, limits.StartTime)
            : throw new RpcException(new Status(StatusCode.Unavailable, string.Create(
                CultureInfo.InvariantCulture,
                $"{limits.Starting} streams are starting and {limits.WaitingToStart} wait for it; connect again later.")));

    private sealed class Admission : IDisposable
    {
        private readonly IDisposable place;
        private readonly ITimer timer;

        public Admission(IDisposable place, TimeProvider time, TimeSpan longest)
        {
            this.place = place;
            timer = time.CreateTimer(static state => ((IDisposable)state!).Dispose(), place, longest, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            timer.Dispose();
            place.Dispose();
        }
    }
}
