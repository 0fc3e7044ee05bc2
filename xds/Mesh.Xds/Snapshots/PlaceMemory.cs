// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Translation;

namespace Mesh.Xds.Snapshots;

/// <summary>
/// The newest assignments by zone, shared by the nodes of one. As with clients without a proxy they are made when a node asks, the cost follows
/// what changed, and what is given out does not depend on what is remembered.
/// </summary>
internal sealed class PlaceMemory
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, PlacedTable> ofZones = new(StringComparer.Ordinal);
    private MeshModel? pruned;

    /// <param name="mesh">The mesh.</param>
    /// <param name="node">Who asks.</param>
    /// <param name="previous">What it was given before.</param>
    public PlacedTable Of(MeshSnapshot mesh, NodeName node, PlacedTable? previous)
    {
        var ofZone = Of(mesh, mesh.Model.Zones.GetValueOrDefault(node, ""));
        return mesh.Placed.ByNode.IsEmpty ? ofZone : ofZone.Narrow(new Place(node, ofZone.Place.Zone), mesh.Placed.ByNode, previous);
    }

    private PlacedTable Of(MeshSnapshot mesh, string zone)
    {
        var everywhere = new PlacedTable(mesh.Model, new Place(null, zone), mesh.Shared[(int)ResourceType.Endpoint]);
        lock (gate)
        {
            Prune(mesh);
            if (zone.Length == 0 || mesh.Placed.ByZone.IsEmpty)
            {
                return everywhere;
            }

            return ofZones[zone] = everywhere.Narrow(everywhere.Place, mesh.Placed.ByZone, ofZones.GetValueOrDefault(zone));
        }
    }

    /// <summary>A table holds the mesh that it was made of: what no node is in any more goes.</summary>
    private void Prune(MeshSnapshot mesh)
    {
        if (ReferenceEquals(pruned, mesh.Model) || ofZones.Count == 0)
        {
            return;
        }

        pruned = mesh.Model;
        var zones = mesh.Placed.ByZone.IsEmpty ? [] : mesh.Model.Zones.Values.ToHashSet(StringComparer.Ordinal);
        foreach (var zone in ofZones.Keys.Where(zone => !zones.Contains(zone)).ToList())
        {
            ofZones.Remove(zone);
        }
    }
}
