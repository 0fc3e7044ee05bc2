// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;

namespace Mesh.Operator.Replicas;

/// <summary>One connection of a replica to the leader, and what it has told. <see cref="FleetBoard"/> guards it.</summary>
internal sealed class ReplicaState(string name)
{
    private ReplicaFigures? figures;
    private ImmutableArray<TimeSpan> since = [];

    public string Name => name;

    public bool HasReported => figures is not null;

    /// <summary>Its nodes; applications without a proxy are none.</summary>
    public ImmutableHashSet<NodeName> Nodes { get; private set; } = [];

    /// <summary>Its nodes, and when they came.</summary>
    public IEnumerable<(NodeName Node, ReplicaState Replica, TimeSpan Since)> Arrivals => (figures?.Roster ?? [])
        .Select((entry, i) => (entry, Since: since[i]))
        .Where(static pair => !pair.entry.IsProxyless)
        .Select(pair => (pair.entry.Node, this, pair.Since));

    /// <summary>Of an earlier connection, until this one tells more.</summary>
    public void TakeOver(ReplicaState earlier) => (figures, since, Nodes) = (earlier.figures, earlier.since, earlier.Nodes);

    public void Apply(ReplicaReport report, TimeSpan now)
    {
        if (report.Roster is { } roster)
        {
            figures = new ReplicaFigures
            {
                Replica = name,
                Roster = [.. roster.Select(static entry => new RosterEntry(new NodeName(entry.Node), entry.IsProxyless, entry.IsLoopback) { Namespace = entry.Namespace })],
                Objects = ImmutableDictionary<ObjectKey, ObjectFigures>.Empty,
                Nodes = ImmutableDictionary<ObjectKey, ObjectStatus>.Empty,
            };
            since = [.. roster.Select(entry => now - entry.Age)];
            Nodes = [.. roster.Where(static entry => !entry.IsProxyless).Select(static entry => new NodeName(entry.Node))];
        }

        if (figures is null || report.IsEmpty)
        {
            return;
        }

        figures = figures with
        {
            Objects = figures.Objects
                .SetItems(report.Objects.Select(static told => KeyValuePair.Create(told.Key.ToKey(), told.ToFigures())))
                .RemoveRange(report.Gone.Select(static key => key.ToKey())),
            Nodes = figures.Nodes
                .SetItems(report.Nodes.Select(static told => told.ToStatus()).Select(static status => KeyValuePair.Create(status.Key, status)))
                .RemoveRange(report.GoneNodes.Select(NodeReport.KeyOf)),
        };
    }

    /// <summary>What it told, without the nodes that came to another replica later; null before its first report.</summary>
    public ReplicaFigures? FiguresAfter(Func<NodeName, bool> isHere) =>
        figures is null ? null : figures with { Elsewhere = [.. Nodes.Where(node => !isHere(node))] };
}
