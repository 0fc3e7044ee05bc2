// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.Xds.Snapshots;

/// <summary>
/// All resources of one type for one node. Tables are shared between nodes where their content is the same for all, and a table
/// remembers what was changed to get from its predecessor to it, so that a stream that has the predecessor looks at nothing else.
/// </summary>
public sealed class ResourceTable
{
    // Identity of the predecessor only: a reference to the table itself would keep every table ever made alive.
    private readonly object? predecessor;
    private readonly object identity = new();

    private ResourceTable(ImmutableDictionary<string, EncodedResource> resources, object? predecessor, ImmutableArray<string> changes)
    {
        Resources = resources;
        this.predecessor = predecessor;
        Changes = changes;
    }

    public static ResourceTable Empty { get; } = new(ImmutableDictionary.Create<string, EncodedResource>(StringComparer.Ordinal), null, []);

    public ImmutableDictionary<string, EncodedResource> Resources { get; }

    /// <summary>Names added, changed or removed since the predecessor, sorted.</summary>
    public ImmutableArray<string> Changes { get; }

    public EncodedResource? Find(string name) => Resources.GetValueOrDefault(name);

    /// <summary>Names whose content may differ between <paramref name="older"/> and this table, or null when only a full comparison tells.</summary>
    public IReadOnlyList<string>? ChangesSince(ResourceTable? older) =>
        ReferenceEquals(older, this) ? [] : older is not null && ReferenceEquals(older.identity, predecessor) ? Changes : null;

    /// <summary>
    /// This table with <paramref name="upserts"/> put in and <paramref name="removals"/> taken out; this very table when nothing changes.
    /// A resource of unchanged version keeps its bytes but takes over new origins.
    /// </summary>
    public ResourceTable With(IEnumerable<EncodedResource> upserts, IEnumerable<string> removals)
    {
        var builder = Resources.ToBuilder();
        var changes = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in removals)
        {
            if (builder.Remove(name))
            {
                changes.Add(name);
            }
        }

        foreach (var resource in upserts)
        {
            if (builder.TryGetValue(resource.Key.Name, out var old) && ReferenceEquals(old, resource))
            {
                continue;
            }

            builder[resource.Key.Name] = resource;
            changes.Add(resource.Key.Name);
        }

        return changes.Count == 0 ? this : new ResourceTable(builder.ToImmutable(), identity, [.. changes]);
    }
}
