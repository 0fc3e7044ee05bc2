// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// What the proxy of a state-of-the-world stream has accepted of one type. As in <see cref="Holdings"/>, only names that are special are
/// written down; of the others it has what the table has, or will have it with the answer to the open response.
/// </summary>
internal sealed class SotwHoldings(ResourceType type, AckBook book, Subscription subscription)
{
    private readonly Dictionary<string, EncodedResource?> special = new(StringComparer.Ordinal);

    public ResourceTable? Table { get; set; }

    /// <summary>Names that are wanted and of which the proxy has nothing yet.</summary>
    public FreshNames Fresh { get; } = new(subscription);

    /// <summary>The response that waits for its answer.</summary>
    public SentResponse? Open { get; set; }

    /// <summary>
    /// Hash over what the proxy has accepted. A sum, so that a change costs what changed; each summand is the hash of a resource with its
    /// name.
    /// </summary>
    public UInt128 Version { get; private set; }

    /// <summary>Names to be compared with the table in the next push; all of them are special.</summary>
    public SortedSet<string> Due { get; } = new(StringComparer.Ordinal);

    /// <summary>Names to be sent in the next push even if the proxy has them.</summary>
    public HashSet<string> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>Names that the proxy has and should no longer have, until it may be told.</summary>
    public SortedSet<string> Leaving { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Special => special.Keys;

    public bool IsSpecial(string name) => special.ContainsKey(name);

    /// <summary>What the proxy has accepted.</summary>
    public EncodedResource? Find(string name) => special.TryGetValue(name, out var note) ? note : Open?.Find(name) is null ? Known(name) : null;

    /// <summary>The proxy has something of the name, or will have with the open answer.</summary>
    public bool IsHeld(string name) => special.ContainsKey(name) || Known(name) is not null;

    /// <summary>Writes down what is known of the name.</summary>
    public void Note(string name)
    {
        if (special.ContainsKey(name))
        {
            return;
        }

        var accepted = Find(name);
        var key = new ResourceKey(type, name);
        book.Special(key, accepted is null ? null : new AcceptedResource(accepted.Version, accepted.Origins));
        if (Open?.Find(name) is not null && Known(name) is not null)
        {
            book.Sent(key);
        }

        special.Add(name, accepted);
    }

    /// <summary>A newer table differs; to be told while <see cref="Table"/> is still the one before.</summary>
    public void Change(string name, EncodedResource? before, EncodedResource? now)
    {
        if (IsSpecial(name))
        {
            Due.Add(name);
        }
        else if (before?.Version == now?.Version && before?.OnDemand == now?.OnDemand)
        {
            return;
        }
        else if (IsHeld(name))
        {
            Note(name);
            Due.Add(name);
        }
        else if (now is not null && subscription.Covers(now))
        {
            Fresh.Add(now.Key.Name);
        }
    }

    /// <summary>Drops the note of a name of which nothing more is to be said than what is known without one.</summary>
    public void Settle(string name)
    {
        if (special.TryGetValue(name, out var note) && Open?.Find(name) is null && note?.Version == Wanted(name)?.Version)
        {
            special.Remove(name);
            book.Forget(new ResourceKey(type, name));
        }
    }

    /// <summary>The proxy has accepted a resource; of one that is not special nothing is to be written down.</summary>
    public void Put(EncodedResource resource)
    {
        var name = resource.Key.Name;
        if (special.TryGetValue(name, out var old))
        {
            special[name] = resource;
        }

        Version += resource.Hash - (old?.Hash ?? 0);
    }

    /// <summary>The proxy no longer has it.</summary>
    public void Remove(string name)
    {
        Version -= Find(name)?.Hash ?? 0;
        Fresh.Remove(name);
        special.Remove(name);
        book.Forget(new ResourceKey(type, name));
    }

    /// <summary>The version once <paramref name="fresh"/> is accepted, too.</summary>
    public UInt128 VersionWith(ImmutableArray<EncodedResource> fresh) => special.Count == 0
        ? fresh.Aggregate(Version, static (sum, resource) => sum + resource.Hash)
        : fresh.Aggregate(Version, (sum, resource) => sum + resource.Hash - (special.GetValueOrDefault(resource.Key.Name)?.Hash ?? 0));

    /// <summary>Everything that the proxy has and <paramref name="fresh"/>, sorted by name, in place of older versions.</summary>
    public ImmutableArray<EncodedResource> With(SentResponse fresh)
    {
        if (Table is null)
        {
            return [];
        }

        var isWholeTable = subscription.IsWildcard && subscription.Names.Count == 0 && Fresh.IsEmpty;
        return isWholeTable && special.Count == 0
            ? Table.ForEverybody
            : [.. Table.Ordered.Where(IsPlain), .. special.Select(note => fresh.Find(note.Key) ?? note.Value).OfType<EncodedResource>()];
    }

    /// <summary>Adds up anew, when it is not known what of the sum has gone.</summary>
    public void Recount() => Version = special.Values.OfType<EncodedResource>().Concat(Table?.Ordered.Where(IsAccepted) ?? [])
        .Aggregate(UInt128.Zero, static (sum, resource) => sum + resource.Hash);

    public bool Covers(EncodedResource resource) => subscription.Covers(resource);

    public EncodedResource? Wanted(string name) =>
        Table?.Find(name) is { } resource && subscription.Covers(resource) ? resource : null;

    private EncodedResource? Known(string name) => Fresh.Contains(name) ? null : Wanted(name);

    private bool IsPlain(EncodedResource resource) =>
        subscription.Covers(resource) && !special.ContainsKey(resource.Key.Name) && !Fresh.Contains(resource.Key.Name);

    private bool IsAccepted(EncodedResource resource) => IsPlain(resource) && Open?.Find(resource.Key.Name) is null;
}
