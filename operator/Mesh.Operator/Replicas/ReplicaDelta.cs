// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;

namespace Mesh.Operator.Replicas;

/// <summary>What a report must say after what was told before; pure.</summary>
internal static class ReplicaDelta
{
    /// <param name="replica">Who reports.</param>
    /// <param name="told">What the leader knows; null: nothing.</param>
    /// <param name="newest">What is so.</param>
    /// <param name="now">The time, by the clock of <see cref="OwnFigures.Since"/>.</param>
    public static ReplicaReport Of(string replica, OwnFigures? told, OwnFigures newest, TimeSpan now)
    {
        // Figures are in the order of the roster, so that another one says all anew.
        var isSame = told is not null && told.HasRosterOf(newest);
        var objects = isSame ? told!.Objects : ImmutableDictionary<ObjectKey, ObjectFigures>.Empty; // The same as one that was told.
        var nodes = isSame ? told!.Nodes : ImmutableDictionary<ObjectKey, ObjectStatus>.Empty;
        return new ReplicaReport
        {
            Replica = replica,
            Roster = isSame
                ? null
                : [.. newest.Roster.Select((entry, i) => new RosterReport(entry.Node.Value, entry.IsProxyless, entry.IsLoopback, now - newest.Since[i]) { Namespace = entry.Namespace })],
            Objects = [.. Changed(objects, newest.Objects).Select(static pair => ObjectReport.Of(pair.Key, pair.Value))],
            Gone = [.. objects.Keys.Where(key => !newest.Objects.ContainsKey(key)).Select(ObjectName.Of)],
            Nodes = [.. Changed(nodes, newest.Nodes).Select(static pair => NodeReport.Of(pair.Value))],
            GoneNodes = [.. nodes.Keys.Where(key => !newest.Nodes.ContainsKey(key)).Select(static key => key.Name)],
        };
    }

    private static IEnumerable<KeyValuePair<ObjectKey, T>> Changed<T>(ImmutableDictionary<ObjectKey, T> before, ImmutableDictionary<ObjectKey, T> after)
        where T : class => after.Where(pair => !pair.Value.Equals(before.GetValueOrDefault(pair.Key)));
}
