// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// An immutable set of names: a large part that is never written to and the few that differ from it, so that a thousand names cost what
/// one hash set costs, and one name more costs little.
/// </summary>
internal sealed class NameSet : IReadOnlyCollection<string>
{
    private const int Few = 64;
    private static readonly ImmutableHashSet<string> None = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    private readonly HashSet<string> most;
    private readonly ImmutableHashSet<string> added;
    private readonly ImmutableHashSet<string> removed;

    private NameSet(HashSet<string> most, ImmutableHashSet<string> added, ImmutableHashSet<string> removed)
    {
        this.most = most;
        this.added = added;
        this.removed = removed;
    }

    public static NameSet Empty { get; } = new([], None, None);

    public int Count => most.Count + added.Count - removed.Count;

    public bool Contains(string name) => most.Contains(name) ? !removed.Contains(name) : added.Contains(name);

    /// <summary>Whether the resource's name, an alias of it, or its collection's name is in the set.</summary>
    public bool Covers(EncodedResource resource)
    {
        if (Contains(resource.Key.Name))
        {
            return true;
        }

        foreach (var other in resource.OtherNames)
        {
            if (Contains(other))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>This set with names taken out and others put in; a name in both lists is in.</summary>
    public NameSet With(IReadOnlyCollection<string> add, IReadOnlyCollection<string> remove)
    {
        if (add.Count + remove.Count == 0)
        {
            return this;
        }

        var differing = add.Count + remove.Count + added.Count + removed.Count;
        return differing > Few + (most.Count / 8) ? Rebuilt(add, remove) : Patched(add, remove);
    }

    public IEnumerator<string> GetEnumerator() => most.Where(name => !removed.Contains(name)).Concat(added).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private NameSet Rebuilt(IReadOnlyCollection<string> add, IReadOnlyCollection<string> remove)
    {
        var all = new HashSet<string>(Count + add.Count, StringComparer.Ordinal);
        all.UnionWith(this);
        all.ExceptWith(remove);
        all.UnionWith(add);
        return new NameSet(all, None, None);
    }

    private NameSet Patched(IReadOnlyCollection<string> add, IReadOnlyCollection<string> remove)
    {
        var nowAdded = added.Except(remove);
        var nowRemoved = removed.Union(remove.Where(most.Contains));
        return new NameSet(most, nowAdded.Union(add.Where(name => !most.Contains(name))), nowRemoved.Except(add));
    }
}
