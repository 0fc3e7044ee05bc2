// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Acks;

namespace Mesh.Operator.Telemetry;

/// <summary>
/// Finds out how long a change took to be in force at a proxy: from when the operator noticed it to the answer by which the proxy has accepted all
/// that it was sent. A proxy that a change does not concern, that has just connected or that refused something tells nothing of that.
/// </summary>
/// <param name="time">Clock of the timestamps.</param>
/// <param name="observe">Told of each duration.</param>
internal sealed class Convergence(TimeProvider time, Action<TimeSpan> observe)
{
    // What a slower proxy lacks is told from the oldest that is known, and so too short.
    private const int RememberedRevisions = 256;

    private readonly Lock gate = new();
    private readonly Queue<(Revision Revision, long Noticed)> published = new(RememberedRevisions);

    // Only streams with an open response; null where it is not a change that they wait for.
    private readonly Dictionary<long, Waiting?> waiting = [];

    /// <summary>Called before the revision is published.</summary>
    public void Publishes(Revision revision, long noticed)
    {
        lock (gate)
        {
            if (published.Count == RememberedRevisions)
            {
                published.Dequeue();
            }

            published.Enqueue((revision, noticed));
        }
    }

    /// <summary>A stream's state and the one before it, as <see cref="AckLedger.Observer"/> is told of them.</summary>
    public void Observe(ProxyState? before, ProxyState? after)
    {
        if (after is null)
        {
            Forget(before);
        }
        else if (!after.Pending.IsAnswered)
        {
            Begin(before, after);
        }
        else if (before is { Pending.IsAnswered: false } && End(after) is { } took)
        {
            observe(took);
        }
    }

    private void Forget(ProxyState? ended)
    {
        lock (gate)
        {
            _ = ended is not null && waiting.Remove(ended.StreamId);
        }
    }

    private void Begin(ProxyState? before, ProxyState after)
    {
        if (before is { Pending.IsAnswered: false })
        {
            return;
        }

        lock (gate)
        {
            waiting[after.StreamId] = before is null ? (Waiting?)null : new Waiting(before.SentRevision, before.Rejected);
        }
    }

    private TimeSpan? End(ProxyState after)
    {
        lock (gate)
        {
            if (!waiting.Remove(after.StreamId, out var entry)
                || entry is not { } since
                || after.SentRevision <= since.Had
                || (!after.Rejected.IsEmpty && !ReferenceEquals(after.Rejected, since.Rejected)))
            {
                return null;
            }

            foreach (var (revision, noticed) in published)
            {
                if (revision > since.Had)
                {
                    return time.GetElapsedTime(noticed);
                }
            }

            return null;
        }
    }

    /// <param name="Had">The revision that the proxy had.</param>
    /// <param name="Rejected">What it had refused until then.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Waiting(Revision Had, ImmutableDictionary<ResourceKey, RejectedResource> Rejected);
}
