// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.IO.Hashing;
using System.Runtime.InteropServices;
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
    private readonly FrozenDictionary<ResourceRef, OriginResources>[] indexes;

    private OriginIndex(ResourceTable[] tables, FrozenDictionary<ResourceRef, OriginResources>[] indexes)
    {
        this.tables = tables;
        this.indexes = indexes;
    }

    public static OriginIndex Build(MeshSnapshot snapshot, OriginIndex? previous)
    {
        var current = TypesWithOrigins.Select(type => snapshot.Shared[(int)type]).ToArray();
        var built = new FrozenDictionary<ResourceRef, OriginResources>[current.Length];
        for (var i = 0; i < current.Length; i++)
        {
            built[i] = previous is not null && ReferenceEquals(previous.tables[i], current[i]) ? previous.indexes[i] : Index(current[i]);
        }

        return new OriginIndex(current, built);
    }

    internal OriginResources ResourcesOf(ResourceRef reference)
    {
        var keys = new List<ResourceKey>();

        // An object that was made anew may have the name, the generation and the resources of the one before.
        var sum = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(reference.Uid.AsSpan()));
        foreach (var index in indexes)
        {
            if (index.TryGetValue(reference, out var found))
            {
                keys.AddRange(found.Keys);
                sum += found.Sum;
            }
        }

        return new OriginResources(keys, sum);
    }

    private static FrozenDictionary<ResourceRef, OriginResources> Index(ResourceTable table) =>
        table.Resources.Values
            .SelectMany(resource => resource.Origins.Refs.Select(reference => (Reference: reference, resource.Key)))
            .GroupBy(pair => pair.Reference)
            .ToFrozenDictionary(static group => group.Key, static group => OriginResources.Of([.. group.Select(static pair => pair.Key)]));
}

/// <summary>What stems from one object.</summary>
/// <param name="Keys">The resources.</param>
/// <param name="Sum">Over their names, in any order, and the object's uid: equal on every replica that has the same ones.</param>
internal sealed record OriginResources(List<ResourceKey> Keys, ulong Sum)
{
    public static OriginResources Of(List<ResourceKey> keys) => new(
        keys, keys.Aggregate(0UL, static (sum, key) => sum + XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.Name.AsSpan()), (long)key.Type)));
}
