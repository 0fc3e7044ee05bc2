// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.Xds.Snapshots;

/// <summary>
/// All resources of one type for one node. Tables are shared between nodes where their content is the same for all, and a table
/// remembers what was changed on the way to it from its last predecessors, so that a stream that has one of them looks at nothing else.
/// </summary>
public sealed class ResourceTable
{
    // A stream that missed more than this compares everything.
    private const int RememberedSteps = 32;

    private readonly object identity = new();
    private readonly OtherNames others;
    private readonly ImmutableArray<Step> steps;
    private readonly Lazy<ImmutableArray<EncodedResource>> ordered;
    private readonly Lazy<ImmutableArray<EncodedResource>> forEverybody;
    private readonly Lazy<HashSet<ResourceKey>> references;
    private readonly Lazy<UInt128> digest;

    private ResourceTable(
        ImmutableDictionary<string, EncodedResource> resources, OtherNames others, ImmutableArray<Step> steps, ImmutableArray<EncodedResource> expiring)
    {
        Resources = resources;
        this.others = others;
        Expiring = expiring;
        this.steps = steps;
        ordered = new(() => [.. resources.Values.OrderBy(static resource => resource.Key.Name, StringComparer.Ordinal)]);
        references = new(() => [.. resources.Values.SelectMany(static resource => resource.References)]);
        digest = new(() => resources.Values.Aggregate(UInt128.Zero, static (sum, resource) => unchecked(sum + resource.Hash)));
        forEverybody = new(() => ordered.Value.RemoveAll(static resource => resource.OnDemand));
    }

    public static ResourceTable Empty { get; } = new(ImmutableDictionary.Create<string, EncodedResource>(StringComparer.Ordinal), OtherNames.None, [], []);

    public ImmutableDictionary<string, EncodedResource> Resources { get; }

    /// <summary>All resources, sorted by name.</summary>
    public ImmutableArray<EncodedResource> Ordered => ordered.Value;

    /// <summary>What a wildcard covers, sorted by name.</summary>
    public ImmutableArray<EncodedResource> ForEverybody => forEverybody.Value;

    /// <summary>What has a TTL, sorted by name: mostly nothing.</summary>
    public ImmutableArray<EncodedResource> Expiring { get; }

    /// <summary>Sum of the versions: equal for equal content. Looks at everything once, and only when somebody asks.</summary>
    internal UInt128 Digest => digest.Value;

    /// <summary>Everything that a resource of this table refers to.</summary>
    internal IReadOnlySet<ResourceKey> References => references.Value;

    /// <summary>Whether any resource is asked for by another name than its own: an alias, a collection.</summary>
    internal bool HasOtherNames => !others.IsEmpty;

    /// <summary>Names of the resources for which this is another name, sorted.</summary>
    internal IReadOnlyCollection<string> Members(string otherName) => others.Members(otherName);

    /// <summary>The name is none of a resource but stands for others.</summary>
    internal bool IsOtherName(string name) => HasOtherNames && Find(name) is null && Members(name).Count > 0;

    /// <summary>The names and those of the resources that they stand for.</summary>
    internal IReadOnlyCollection<string> WithMembers(IReadOnlyCollection<string> names) =>
        HasOtherNames && names.Count > 0 ? names.SelectMany(name => Members(name).Prepend(name)).ToHashSet(StringComparer.Ordinal) : names;

    public EncodedResource? Find(string name) => Resources.GetValueOrDefault(name);

    /// <summary>Names whose content may differ between <paramref name="older"/> and this table, or null when only a full comparison tells.</summary>
    public IReadOnlyCollection<string>? ChangesSince(ResourceTable? older)
    {
        if (ReferenceEquals(older, this))
        {
            return [];
        }

        for (var at = steps.Length - 1; at >= 0 && older is not null; at--)
        {
            if (ReferenceEquals(older.identity, steps[at].From))
            {
                return at == steps.Length - 1 ? steps[at].Names : steps[at..].SelectMany(static step => step.Names).ToHashSet(StringComparer.Ordinal);
            }
        }

        return null;
    }

    /// <summary>The same by looking at everything.</summary>
    public IReadOnlyCollection<string> DifferencesFrom(ResourceTable older)
    {
        var changed = Resources.Where(pair => !ReferenceEquals(older.Find(pair.Key), pair.Value)).Select(static pair => pair.Key);
        return [.. changed, .. older.Resources.Keys.Where(name => !Resources.ContainsKey(name))];
    }

    /// <summary>
    /// This table with <paramref name="upserts"/> put in and <paramref name="removals"/> taken out; this very table when nothing changes.
    /// A resource of unchanged version keeps its bytes but takes over new origins.
    /// </summary>
    public ResourceTable With(IEnumerable<EncodedResource> upserts, IEnumerable<string> removals)
    {
        var builder = Resources.ToBuilder();
        var nowOthers = others;
        var changes = new SortedSet<string>(StringComparer.Ordinal);
        var isExpiringOther = false;
        foreach (var name in removals)
        {
            if (builder.TryGetValue(name, out var old))
            {
                builder.Remove(name);
                isExpiringOther |= old.Ttl is not null;
                nowOthers = nowOthers.Without(old);
                changes.Add(name);
            }
        }

        foreach (var resource in upserts)
        {
            builder.TryGetValue(resource.Key.Name, out var old);
            if (!ReferenceEquals(old, resource))
            {
                builder[resource.Key.Name] = resource;
                nowOthers = nowOthers.Without(old).With(resource);
                isExpiringOther |= old?.Ttl is not null || resource.Ttl is not null;
                changes.Add(resource.Key.Name);
            }
        }

        if (changes.Count == 0)
        {
            return this;
        }

        var next = builder.ToImmutable();
        return new ResourceTable(next, nowOthers, Remember([.. changes]), isExpiringOther ? ExpiringOf(next) : Expiring);
    }

    private static ImmutableArray<EncodedResource> ExpiringOf(ImmutableDictionary<string, EncodedResource> resources) =>
        [.. resources.Values.Where(static resource => resource.Ttl is not null).OrderBy(static resource => resource.Key.Name, StringComparer.Ordinal)];

    // What was changed long ago, or altogether more than a comparison would look at, is not worth its memory.
    private ImmutableArray<Step> Remember(ImmutableArray<string> changes)
    {
        var kept = steps.Length < RememberedSteps ? steps : steps.RemoveAt(0);
        var room = Resources.Count + RememberedSteps;
        while (!kept.IsEmpty && kept.Sum(static step => step.Names.Length) + changes.Length > room)
        {
            kept = kept.RemoveAt(0);
        }

        return kept.Add(new Step(identity, changes));
    }

    /// <param name="From">Identity of the table before; a reference to the table itself would keep every table ever made alive.</param>
    /// <param name="Names">What was changed, sorted.</param>
    private readonly record struct Step(object From, ImmutableArray<string> Names);
}
