// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Xds.Streams;

namespace Mesh.Xds.Acks;

/// <summary>
/// What every connected proxy has accepted and refused. A stream writes its own state and nobody else's; readers get immutable values.
/// A node may have two streams for a moment, when it has reconnected and the old connection is not known to be dead yet: the newest counts.
/// Clients that need no proxy share ids at will, and have a stream per target: each stream counts.
/// </summary>
public sealed class AckLedger
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, ProxyState> streams = [];
    private ImmutableArray<ProxyState>? proxies = [];
    private TaskCompletionSource changed = NewSignal();
    private long lastStreamId;
    private long responsesSent;
    private long resourcesSent;
    private long removalsSent;
    private long refusals;
    private long heartbeatsSent;

    /// <summary>
    /// Told of each state that a stream books, with the one before it (null: none), and of its end (null after it). It is called by the stream,
    /// outside of locks, and must be quick.
    /// </summary>
    public Action<ProxyState?, ProxyState?>? Observer { get; set; }

    /// <summary>Connected proxies, one state each, sorted by node.</summary>
    public ImmutableArray<ProxyState> Proxies
    {
        get
        {
            lock (gate)
            {
                return proxies ??= Newest();
            }
        }
    }

    /// <summary>Totals since the start, over all streams that ever were.</summary>
    public AckCounters Counters => new(
        Interlocked.Read(ref responsesSent),
        Interlocked.Read(ref resourcesSent),
        Interlocked.Read(ref removalsSent),
        Interlocked.Read(ref refusals))
    { HeartbeatsSent = Interlocked.Read(ref heartbeatsSent) };

    /// <summary>
    /// Completes at the next change. Call it before reading <see cref="Proxies"/>, and a change between reading and awaiting is not missed.
    /// </summary>
    public Task WaitForChangeAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return changed.Task.WaitAsync(ct);
        }
    }

    internal long NextStreamId() => Interlocked.Increment(ref lastStreamId);

    internal void Update(ProxyState state)
    {
        ProxyState? before;
        lock (gate)
        {
            streams.TryGetValue(state.StreamId, out before);
            streams[state.StreamId] = state;
            Signal();
        }

        Observer?.Invoke(before, state);
    }

    internal void Remove(long streamId)
    {
        ProxyState? last;
        lock (gate)
        {
            if (streams.Remove(streamId, out last))
            {
                Signal();
            }
        }

        if (last is not null)
        {
            Observer?.Invoke(last, null);
        }
    }

    internal void Count(SessionOutput output)
    {
        foreach (var response in output.Responses)
        {
            Interlocked.Increment(ref responsesSent);
            Interlocked.Add(ref response.Form == ResponseForm.Heartbeat ? ref heartbeatsSent : ref resourcesSent, response.Resources.Length);
            Interlocked.Add(ref removalsSent, response.Removed.Length);
        }

        if (output.IsNack)
        {
            Interlocked.Increment(ref refusals);
        }
    }

    private void Signal()
    {
        proxies = null;
        var done = changed;
        changed = NewSignal();
        done.SetResult();
    }

    private ImmutableArray<ProxyState> Newest()
    {
        var newest = new Dictionary<(NodeName Node, long Stream), ProxyState>();
        foreach (var state in streams.Values)
        {
            var key = (state.Node, state.IsProxyless ? state.StreamId : 0);
            if (!newest.TryGetValue(key, out var other) || other.StreamId < state.StreamId)
            {
                newest[key] = state;
            }
        }

        return [.. newest.Values.OrderBy(static state => state.Node.Value, StringComparer.Ordinal).ThenBy(static state => state.StreamId)];
    }

    // Asynchronously, for it is completed under the gate.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What went over the streams.</summary>
/// <param name="ResponsesSent">Responses of any content.</param>
/// <param name="ResourcesSent">Resources in them, each time one was sent.</param>
/// <param name="RemovalsSent">Names told to be gone or not there.</param>
/// <param name="Nacks">Responses that a proxy refused, wholly or in part.</param>
public sealed record AckCounters(long ResponsesSent, long ResourcesSent, long RemovalsSent, long Nacks)
{
    /// <summary>Resources with a TTL that were told to be still there, without being sent.</summary>
    public long HeartbeatsSent { get; init; }

    public static AckCounters operator -(AckCounters left, AckCounters right) => Subtract(left, right);

    public static AckCounters Subtract(AckCounters left, AckCounters right) => new(
        left.ResponsesSent - right.ResponsesSent,
        left.ResourcesSent - right.ResourcesSent,
        left.RemovalsSent - right.RemovalsSent,
        left.Nacks - right.Nacks)
    { HeartbeatsSent = left.HeartbeatsSent - right.HeartbeatsSent };
}
