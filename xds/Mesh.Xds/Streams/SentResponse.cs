// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>A response that waits for its answer.</summary>
internal sealed class SentResponse
{
    private ImmutableArray<SentResponse> alone;

    public required ResourceType Type { get; init; }

    public required long Sequence { get; init; }

    public required string Nonce { get; init; }

    /// <summary>Sorted by name.</summary>
    public required ImmutableArray<EncodedResource> Resources { get; init; }

    public required ImmutableArray<string> Removed { get; init; }

    /// <summary>Resources that it was sent with. One: a refusal can only mean that one.</summary>
    public required int OriginalCount { get; init; }

    /// <summary>How often what it holds was sent again because of a refusal.</summary>
    public required int Generation { get; init; }

    /// <summary>A list of this alone, always the same.</summary>
    public ImmutableArray<SentResponse> Alone => alone.IsDefault ? alone = [this] : alone;

    /// <summary>Its resources and what there is beside them, sorted by name.</summary>
    public ImmutableArray<EncodedResource> And(ImmutableArray<EncodedResource> others) =>
        [.. Resources.Concat(others.Where(other => Find(other.Key.Name) is null)).OrderBy(static resource => resource.Key.Name, StringComparer.Ordinal)];

    public EncodedResource? Find(string name)
    {
        var (low, high) = (0, Resources.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(Resources[middle].Key.Name, name);
            if (order == 0)
            {
                return Resources[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
