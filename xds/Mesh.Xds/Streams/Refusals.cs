// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// Versions that a proxy has refused, and how to find them: a refusal is about a response, and Envoy may have dropped all of it or only
/// the bad resource. What is not surely refused is sent again, in halves where nothing tells which it was, until each has its own answer.
/// </summary>
internal sealed class Refusals(AckBook book)
{
    // The whole, its halves and a pair of quarters refused in words that name nothing, by a proxy that has never accepted anything: it
    // seems to refuse whatever comes.
    private const int HopelessGeneration = 2;
    private const int HopelessRow = 5;

    private readonly Dictionary<string, (string Version, string Message)> refused = new(StringComparer.Ordinal);

    private int inRow;

    /// <summary>Names of which a version is refused.</summary>
    public IReadOnlyCollection<string> Names => refused.Keys;

    /// <summary>Whether this version was refused; a changed one clears the memory, so that the old content may be tried again later.</summary>
    public bool IsRefused(EncodedResource resource)
    {
        if (refused.Count == 0 || !refused.TryGetValue(resource.Key.Name, out var known))
        {
            return false;
        }

        return known.Version == resource.Version || !refused.Remove(resource.Key.Name);
    }

    public void Add(EncodedResource resource, string message)
    {
        refused[resource.Key.Name] = (resource.Version, message);
        book.Reject(resource, message);
    }

    /// <summary>The resource is not wanted; <paramref name="resource"/> is what exists of it all the same.</summary>
    public void Withdrawn(ResourceKey key, EncodedResource? resource)
    {
        if (resource is null)
        {
            refused.Remove(key.Name);
        }
        else
        {
            IsRefused(resource);
        }

        book.Withdrawn(key);
    }

    /// <summary>
    /// It was in a response that was refused, and nobody knows yet whether because of it: the status shows the words, and the search goes on.
    /// </summary>
    public void Doubt(EncodedResource resource, string message) => book.StillRejected(resource, message);

    /// <summary>The refused version is wanted still, or again: the status shows the refusal, with the origins that it has now.</summary>
    public void StillRefused(EncodedResource resource) => book.StillRejected(resource, refused[resource.Key.Name].Message);

    /// <summary>The version stays refused for this stream, should the proxy subscribe again; the status has no more use for it.</summary>
    public void Unsubscribed(ResourceKey key) => book.Withdrawn(key);

    /// <summary>The proxy has accepted a response.</summary>
    public void Accepted() => inRow = 0;

    public Verdict Judge(SentResponse sent, string message)
    {
        if (sent.OriginalCount <= 1)
        {
            // It tells of its one resource, and nothing of whether others would be refused.
            return new Verdict { Refused = sent.Resources };
        }

        inRow++;
        var names = RefusalText.Find(sent.Resources, message);
        if (names.Refused.Count + names.Suspects.Count == 0)
        {
            return new Verdict
            {
                Refused = [],
                Probes = Halves(sent.Resources),
                IsHopeless = !book.HasAccepted && sent.Generation >= HopelessGeneration && inRow >= HopelessRow,
            };
        }

        var rest = sent.Resources.RemoveAll(resource => names.Refused.Contains(resource) || names.Suspects.Contains(resource));
        var suspects = Halves(sent.Resources.RemoveAll(resource => !names.Suspects.Contains(resource)));

        // The first time that a name is told the rest is believed in and goes as one; where refusals follow each other, halving bounds
        // what is sent.
        var isHalved = names.Refused.Count > 0 && sent.Generation > 0;
        return new Verdict { Refused = [.. names.Refused], SendAgain = [.. isHalved ? Halves(rest) : [rest], .. suspects] };
    }

    private static ImmutableArray<ImmutableArray<EncodedResource>> Halves(ImmutableArray<EncodedResource> resources)
    {
        var middle = (resources.Length + 1) / 2;
        return [resources[..middle], resources[middle..]];
    }
}

/// <summary>What follows from a refusal.</summary>
internal sealed record Verdict
{
    /// <summary>Resources that are surely refused.</summary>
    public required IReadOnlyList<EncodedResource> Refused { get; init; }

    /// <summary>Groups to be sent again at once; a group may be empty.</summary>
    public ImmutableArray<ImmutableArray<EncodedResource>> SendAgain { get; init; } = [];

    /// <summary>Groups to be sent again one after the other: nothing tells which of them is refused.</summary>
    public ImmutableArray<ImmutableArray<EncodedResource>> Probes { get; init; } = [];

    /// <summary>The proxy seems to refuse whatever comes, what waits to be tried, too.</summary>
    public bool IsHopeless { get; init; }
}
