// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.Operator.Status;

/// <summary>Which resources of a snapshot stem from a user object; computed once a table and reused while the table stays.</summary>
public sealed class OriginIndex
{
    // Endpoints stem from no policy or route, and are by far the most often changed.
    private static readonly ResourceType[] TypesWithOrigins =
        [ResourceType.Cluster, ResourceType.Extension, ResourceType.Route, ResourceType.ScopedRoute, ResourceType.Listener];

    private readonly ResourceTable[] tables;
    private readonly FrozenDictionary<ResourceRef, ResourceKey[]>[] indexes;

    private OriginIndex(ResourceTable[] tables, FrozenDictionary<ResourceRef, ResourceKey[]>[] indexes)
    {
        this.tables = tables;
        this.indexes = indexes;
    }

    public static OriginIndex Build(MeshSnapshot snapshot, OriginIndex? previous)
    {
        var current = TypesWithOrigins.Select(type => snapshot.Shared[(int)type]).ToArray();
        var built = new FrozenDictionary<ResourceRef, ResourceKey[]>[current.Length];
        for (var i = 0; i < current.Length; i++)
        {
            built[i] = previous is not null && ReferenceEquals(previous.tables[i], current[i]) ? previous.indexes[i] : Index(current[i]);
        }

        return new OriginIndex(current, built);
    }

    public IEnumerable<ResourceKey> ResourcesOf(ResourceRef reference) =>
        indexes.SelectMany(index => index.GetValueOrDefault(reference, []));

    private static FrozenDictionary<ResourceRef, ResourceKey[]> Index(ResourceTable table) =>
        table.Resources.Values
            .SelectMany(resource => resource.Origins.Refs.Select(reference => (Reference: reference, resource.Key)))
            .GroupBy(pair => pair.Reference)
            .ToFrozenDictionary(group => group.Key, group => group.Select(pair => pair.Key).ToArray());
}
