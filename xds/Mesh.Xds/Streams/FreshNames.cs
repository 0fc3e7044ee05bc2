// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Naming;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>Names of one type that became wanted since the last push: the proxy has nothing of them.</summary>
internal sealed class FreshNames(Subscription subscription)
{
    private const int Few = 64;

    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>The wildcard is new: so is all that it covers and that is not subscribed to by name.</summary>
    public bool HasWildcard { get; set; }

    public bool IsEmpty => names.Count == 0 && !HasWildcard;

    public bool Contains(string name) => names.Contains(name) || (HasWildcard && !subscription.IsNamed(name) && !XdstpName.IsMeant(name));

    public void MakeRoom(int count) => names.EnsureCapacity(names.Count + count);

    public void Add(string name) => names.Add(name);

    public void Remove(string name) => names.Remove(name);

    /// <summary>The first table tells which resources are meant by aliases and collections among the names.</summary>
    public void AddMembers(ResourceTable table, Func<string, bool> isKnown)
    {
        foreach (var name in table.HasOtherNames ? names.ToArray() : [])
        {
            names.UnionWith(table.Members(name).Where(member => !isKnown(member)));
        }
    }

    /// <summary>Names subscribed to that the table does not have, sorted.</summary>
    public IEnumerable<string> Missing(ResourceTable table) =>
        names.Where(name => table.Find(name) is null && subscription.IsNamed(name) && table.Members(name).Count == 0).Order(StringComparer.Ordinal);

    /// <summary>What the table has of them, sorted by name; a part that is the whole is the table's own list, which costs nothing.</summary>
    public ImmutableArray<EncodedResource> In(ResourceTable table)
    {
        if (HasWildcard && subscription.Names.Count == 0)
        {
            return table.ForEverybody;
        }

        if (HasWildcard || names.Count > table.Resources.Count / 8)
        {
            return table.Ordered.RemoveAll(resource => !IsIn(resource));
        }

        var few = names.Select(table.Find).OfType<EncodedResource>().Where(IsIn).ToList();
        few.Sort(static (one, other) => string.CompareOrdinal(one.Key.Name, other.Key.Name));
        return [.. few];
    }

    /// <summary>All were dealt with.</summary>
    public void Clear()
    {
        names.Clear();
        if (names.EnsureCapacity(0) > Few)
        {
            names.TrimExcess();
        }

        HasWildcard = false;
    }

    private bool IsIn(EncodedResource resource) =>
        subscription.Covers(resource) && Contains(resource.Key.Name);
}
