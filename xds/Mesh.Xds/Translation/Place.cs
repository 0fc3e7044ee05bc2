// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Xds.Translation;

/// <summary>Where a node is, which decides whom it calls first.</summary>
/// <param name="Node">The node; null for any node of the zone.</param>
/// <param name="Zone">Its zone; empty where unknown.</param>
internal readonly record struct Place(NodeName? Node, string Zone)
{
    public static Place Unknown { get; } = new(null, "");

    /// <summary>
    /// The endpoints that may be called from here, the ones to call first in front: Envoy goes on to the next level as far as those of one fail.
    /// Without any that is preferred here all are one level, as they are where nothing is known of the place.
    /// </summary>
    public IEnumerable<IEnumerable<Endpoint>> Levels(EndpointSet set)
    {
        if (set.Reach == EndpointReach.Node)
        {
            var (node, own) = (Node, set.Endpoints);
            return [node is null ? own : own.Where(endpoint => endpoint.Node == node)];
        }

        if (!Prefers(set))
        {
            return [set.Endpoints];
        }

        // Shutting down ones behind all that are ready: among these they would count as failed, and send requests away from here.
        return set.Endpoints.GroupBy(Distance).OrderBy(level => level.Key);
    }

    /// <summary>Whether it looks different from here than from a wider place: from the zone for a node, from anywhere for a zone.</summary>
    public bool IsOwn(EndpointSet set)
    {
        if (set.Reach == EndpointReach.Node)
        {
            return Node is not null;
        }

        return Node is null ? Prefers(set) : (this with { Zone = "" }).Prefers(set);
    }

    private bool Prefers(EndpointSet set)
    {
        foreach (var endpoint in set.Endpoints)
        {
            if (IsForNode(endpoint) || IsForZone(endpoint))
            {
                return true;
            }
        }

        return false;
    }

    private int Distance(Endpoint endpoint) =>
        endpoint.Health == EndpointHealth.Draining ? 3 : IsForNode(endpoint) ? 0 : IsForZone(endpoint) ? 1 : 2;

    private bool IsForNode(Endpoint endpoint) => Node is { } node && Contains(endpoint.ForNodes, node.Value);

    private bool IsForZone(Endpoint endpoint) => Zone.Length > 0 && Contains(endpoint.ForZones, Zone);

    private static bool Contains(EquatableArray<string> names, string name) => names.AsSpan().Contains(name);
}
