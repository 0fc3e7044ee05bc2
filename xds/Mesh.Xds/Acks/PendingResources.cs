// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Mesh.Xds.Acks;

/// <summary>What was sent to one proxy and not answered yet; immutable.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "What it holds says more than how.")]
public sealed class PendingResources : IReadOnlyCollection<ResourceKey>
{
    private readonly ImmutableArray<HeldView> views;
    private readonly ImmutableDictionary<ResourceKey, AcceptedResource?> noted;
    private readonly ImmutableHashSet<ResourceKey> pending;

    /// <param name="views">By type; may be empty.</param>
    /// <param name="noted">Names of which the views say nothing.</param>
    /// <param name="pending">Those of <paramref name="noted"/> that are under way.</param>
    internal PendingResources(
        ImmutableArray<HeldView> views, ImmutableDictionary<ResourceKey, AcceptedResource?> noted, ImmutableHashSet<ResourceKey> pending)
    {
        this.views = views;
        this.noted = noted;
        this.pending = pending;
    }

    public static PendingResources None { get; } = new([], ImmutableDictionary<ResourceKey, AcceptedResource?>.Empty, []);

    public int Count => Enumerate().Count();

    public bool IsEmpty => pending.IsEmpty && (views.All(static view => view.Open.IsEmpty) || !Enumerate().Any());

    /// <summary>No response waits for its answer. Unlike <see cref="IsEmpty"/> it looks at no name: cheap enough for every booking.</summary>
    public bool IsAnswered => pending.IsEmpty && views.All(static view => view.Open.IsEmpty);

    public bool Contains(ResourceKey key) =>
        pending.Contains(key)
        || (!views.IsEmpty && !noted.ContainsKey(key) && views[(int)key.Type] is var view && view.IsUnderWay(key.Name) && view.Find(key.Name) is not null);

    public IEnumerator<ResourceKey> GetEnumerator() => Enumerate().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<ResourceKey> Enumerate() => pending.Concat(UnderWay());

    private IEnumerable<ResourceKey> UnderWay() => views
        .Where(static view => !view.Open.IsEmpty)
        .SelectMany(static view => view.Open
            .SelectMany(static sent => sent.Resources)
            .Select(static resource => resource.Key)
            .Distinct()
            .Where(key => view.Find(key.Name) is not null))
        .Where(key => !noted.ContainsKey(key));
}
