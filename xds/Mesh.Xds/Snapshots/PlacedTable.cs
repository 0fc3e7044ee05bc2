// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation;

namespace Mesh.Xds.Snapshots;

/// <summary>The assignments as one place sees them, at one model.</summary>
/// <param name="Model">What they were made of.</param>
/// <param name="Place">From where.</param>
/// <param name="Table">All assignments; those that look the same from everywhere are the very ones that all places share.</param>
internal sealed record PlacedTable(MeshModel Model, Place Place, ResourceTable Table)
{
    /// <summary>What a narrower place sees that lies in this one.</summary>
    /// <param name="place">The narrower place.</param>
    /// <param name="ports">Those that may look different from there.</param>
    /// <param name="previous">What this gave before; of another place it is of no use.</param>
    public PlacedTable Narrow(Place place, IEnumerable<ServicePortName> ports, PlacedTable? previous)
    {
        var before = previous?.Place == place ? previous : null;
        if (ReferenceEquals(before?.Model, Model))
        {
            return before!; // Its model is not null, so it is not either.
        }

        var changed = before is null ? ports : ModelDifference.Between(before.Model, Model).Endpoints;
        var change = new TableChange(TableChange.NoTables.SetItem((int)ResourceType.Endpoint, before?.Table ?? Table), refused: []);
        foreach (var port in changed)
        {
            var key = AssignmentName.Of(port).Key;
            if (Model.Endpoints.TryGetValue(port, out var set) && place.IsOwn(set))
            {
                change.Put(Assignments.Build(set, place));
            }
            else if (Table.Find(key.Name) is { } common)
            {
                change.Take(common);
            }
            else
            {
                change.Remove(key);
            }
        }

        return new PlacedTable(Model, place, change.Apply()[(int)ResourceType.Endpoint]);
    }
}
