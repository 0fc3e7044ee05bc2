// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Status;
using Mesh.Xds.Acks;

namespace Mesh.Operator.Replicas;

/// <summary>
/// What the replicas know of their proxies: on the leader what all of them tell, on each other one what is to be told. A node counts once, at the
/// replica to which it came last. Times are of this replica's own clock, which cannot be set.
/// </summary>
internal sealed class FleetBoard(FleetOptions options, TimeProvider time) : IFleet
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ReplicaState> replicas = new(StringComparer.Ordinal);
    private readonly Dictionary<NodeName, TimeSpan> underway = [];
    private readonly ProxyArrivals arrivals = new();
    private readonly Newest<long> answered = new(0);
    private ImmutableArray<SilentReplica> silent = [];
    private TaskCompletionSource changed = NewSignal();
    private bool leads;
    private long asked;
    private long looked;

    /// <summary>What this replica has to tell the leader; null while it leads, or has not looked yet.</summary>
    public Newest<OwnFigures?> Own { get; } = new(null);

    public TimeSpan Now => time.GetElapsedTime(0);

    public TimeSpan? Due
    {
        get
        {
            lock (gate)
            {
                if (!leads || underway.Count == 0)
                {
                    return null;
                }

                // A moment later, lest it be looked at too early for a rounding.
                var due = underway.Values.Min() - Now + TimeSpan.FromMilliseconds(1);
                return due > TimeSpan.Zero ? due : TimeSpan.Zero;
            }
        }
    }

    public Task WaitForChangeAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return changed.Task.WaitAsync(ct);
        }
    }

    /// <summary>This replica leads from now on.</summary>
    /// <param name="connected">Nodes that were connected to some replica: they are not forgotten before they could be told of.</param>
    /// <param name="ct">Ends the wait for a report in which all that counts.</param>
    public async Task LeadAsync(IEnumerable<NodeName> connected, CancellationToken ct)
    {
        long mine;
        lock (gate)
        {
            leads = true;
            foreach (var node in connected)
            {
                underway[node] = Now + options.Join;
            }

            mine = ++asked;
            Signal();
        }

        await answered.WaitForAsync(number => number >= mine, ct);
    }

    /// <summary>Another one may lead from now on.</summary>
    public void Follow()
    {
        lock (gate)
        {
            leads = false;
            underway.Clear();
            silent = [];
            Signal();
        }
    }

    /// <summary>Replicas that say, by another way, that they have proxies and cannot tell of them.</summary>
    public void Silence(ImmutableArray<SilentReplica> newest)
    {
        lock (gate)
        {
            if (!silent.SequenceEqual(newest))
            {
                silent = newest;
                Signal();
            }
        }
    }

    /// <summary>A replica takes the word; what an earlier connection of it said is not waited for any more.</summary>
    public ReplicaState Enter(string replica)
    {
        var state = new ReplicaState(replica);
        lock (gate)
        {
            if (replicas.Remove(replica, out var earlier))
            {
                state.TakeOver(earlier);
            }

            replicas.Add(replica, state);
        }

        return state;
    }

    public void Apply(ReplicaState replica, ReplicaReport report)
    {
        lock (gate)
        {
            var before = replica.Nodes;
            replica.Apply(report, Now);
            Depart(before.Except(replica.Nodes), options.Transit);
            if (!report.IsEmpty)
            {
                Signal();
            }
        }
    }

    public void Leave(ReplicaState replica)
    {
        lock (gate)
        {
            if (replicas.GetValueOrDefault(replica.Name) == replica)
            {
                replicas.Remove(replica.Name);

                // Perhaps it cannot reach us and says so in the lease, which takes longer than a proxy's move.
                Depart(replica.Nodes, options.Join);
                Signal();
            }
        }
    }

    public FleetView Look(ImmutableArray<ProxyState> own)
    {
        lock (gate)
        {
            looked = asked;
            Depart(arrivals.Update(own, Now), options.Transit);
            return leads ? ViewOf(own) : new FleetView { WantsFigures = true };
        }
    }

    public void Reported(StatusInput input, StatusReport report)
    {
        if (input.Fleet.WantsFigures)
        {
            Own.Publish(FiguresOf(input, report));
        }
        else if (Own.Value is not null)
        {
            Own.Publish(null);
        }

        if (answered.Value != looked)
        {
            answered.Publish(looked);
        }
    }

    private FleetView ViewOf(ImmutableArray<ProxyState> own)
    {
        var newest = new Dictionary<NodeName, (ReplicaState? Replica, TimeSpan Since)>();
        foreach (var proxy in own.Where(static proxy => !proxy.IsProxyless))
        {
            newest[proxy.Node] = (null, arrivals.Since(proxy));
        }

        foreach (var (node, replica, since) in replicas.Values.SelectMany(static replica => replica.Arrivals))
        {
            if (!newest.TryGetValue(node, out var other) || other.Since < since)
            {
                newest[node] = (replica, since);
            }
        }

        foreach (var node in underway.Where(pair => newest.ContainsKey(pair.Key) || pair.Value <= Now).Select(static pair => pair.Key).ToList())
        {
            underway.Remove(node);
        }

        return new FleetView
        {
            Elsewhere = [.. newest.Where(static pair => pair.Value.Replica is not null).Select(static pair => pair.Key)],
            Others = [.. replicas.Values.Select(replica => replica.FiguresAfter(node => newest[node].Replica == replica)).OfType<ReplicaFigures>()],
            Underway = [.. underway.Keys.OrderBy(static node => node.Value, StringComparer.Ordinal)],
            Silent = [.. silent.Where(other => replicas.GetValueOrDefault(other.Replica) is not { HasReported: true })],
        };
    }

    private OwnFigures FiguresOf(StatusInput input, StatusReport report)
    {
        var loopback = input.Nodes.Where(static node => node.Capture == CaptureMode.Loopback).Select(static node => node.Node).ToHashSet();
        return new OwnFigures(
            [.. input.Proxies.Select(proxy => new RosterEntry(proxy.Node, proxy.IsProxyless, loopback.Contains(proxy.Node)) { Namespace = proxy.Namespace })],
            [.. input.Proxies.Select(arrivals.Since)],
            report.Figures,
            report.Objects.Where(static pair => pair.Key.Kind == NodeStatusReporter.Kind).ToImmutableDictionary());
    }

    private void Depart(IEnumerable<NodeName> nodes, TimeSpan patience)
    {
        if (!leads)
        {
            return;
        }

        foreach (var node in nodes)
        {
            underway[node] = Now + patience;
        }
    }

    private void Signal()
    {
        var done = changed;
        changed = NewSignal();
        done.TrySetResult();
    }

    // Asynchronously, for it is completed under the gate.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
