// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.Core;
using Mesh.Model;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Services;

/// <summary>Zones of nodes, from the label that a cloud's controller sets.</summary>
internal static class NodeZones
{
    /// <summary>The very <paramref name="previous"/> where nothing differs.</summary>
    public static ImmutableDictionary<NodeName, string> Build(
        ImmutableDictionary<ObjectKey, Node> nodes, ImmutableDictionary<NodeName, string> previous)
    {
        var zones = nodes
            .Select(pair => (Name: new NodeName(pair.Key.Name), Zone: Of(pair.Value)))
            .Where(pair => pair.Zone.Length > 0)
            .ToImmutableDictionary(pair => pair.Name, pair => pair.Zone);
        return zones.Count == previous.Count && zones.All(pair => previous.GetValueOrDefault(pair.Key) == pair.Value) ? previous : zones;
    }

    public static string Of(Node? node) =>
        node?.Metadata?.Labels is { } labels && labels.TryGetValue(Node.ZoneLabel, out var zone) ? zone ?? "" : "";

    public static string Of(string? node, ImmutableDictionary<ObjectKey, Node> nodes) =>
        string.IsNullOrEmpty(node) ? "" : Of(nodes.GetValueOrDefault(new ObjectKey(nameof(Node), "", node)));
}
