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
        if (zone.Length == 0 || mesh.Placed.ByZone.IsEmpty)
        {
            return everywhere;
        }

        lock (gate)
        {
            return ofZones[zone] = everywhere.Narrow(everywhere.Place, mesh.Placed.ByZone, ofZones.GetValueOrDefault(zone));
        }
    }
}
