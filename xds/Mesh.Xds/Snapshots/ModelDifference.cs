// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;

namespace Mesh.Xds.Snapshots;

/// <summary>What differs between two models: by their own hint where it fits, else by comparing references.</summary>
internal sealed record ModelDifference(IReadOnlyCollection<ServiceName> Services, IReadOnlyCollection<ServicePortName> Endpoints)
{
    public static ModelDifference Between(MeshModel older, MeshModel newer)
    {
        if (newer.Changes is { } changes && changes.Since == older.Revision)
        {
            return new ModelDifference(
                Changed(older.Services, newer.Services, changes.Services.Distinct()),
                Changed(older.Endpoints, newer.Endpoints, changes.Endpoints.Distinct()));
        }

        return new ModelDifference(
            Changed(older.Services, newer.Services, older.Services.Keys.Union(newer.Services.Keys)),
            Changed(older.Endpoints, newer.Endpoints, older.Endpoints.Keys.Union(newer.Endpoints.Keys)));
    }

    private static List<TKey> Changed<TKey, TValue>(
        ImmutableDictionary<TKey, TValue> older, ImmutableDictionary<TKey, TValue> newer, IEnumerable<TKey> candidates)
        where TKey : notnull
        where TValue : class
    {
        if (ReferenceEquals(older, newer))
        {
            return [];
        }

        return [.. candidates.Where(key => !ReferenceEquals(older.GetValueOrDefault(key), newer.GetValueOrDefault(key))).Order()];
    }
}
