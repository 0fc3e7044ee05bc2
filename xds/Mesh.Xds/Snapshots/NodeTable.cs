// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Xds.Snapshots;

/// <summary>A node's own table of one type, and what is withheld from it.</summary>
/// <param name="Table">The resources.</param>
/// <param name="Refused">Those that break Envoy's own rules, sorted.</param>
internal sealed record NodeTable(ResourceTable Table, EquatableArray<RefusedResource> Refused)
{
    /// <summary>What <paramref name="snapshot"/> has of the type; nothing where there is none.</summary>
    public static NodeTable Of(ResourceType type, NodeSnapshot? snapshot) => snapshot is null
        ? new NodeTable(ResourceTable.Empty, [])
        : new NodeTable(snapshot[type], snapshot.Refused.Where(refused => refused.Key.Type == type).ToEquatableArray());

    /// <summary>What a change has come to.</summary>
    public static NodeTable Of(ResourceType type, TableChange change) => new(change.Apply()[(int)type], change.Refused.ToEquatableArray());

    /// <summary>A change that starts from this.</summary>
    public TableChange Change(ResourceType type) => new(TableChange.NoTables.SetItem((int)type, Table), Refused);
}
