// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>A response that waits for its answer.</summary>
internal sealed record SentResponse
{
    public required ResourceType Type { get; init; }

    public required long Sequence { get; init; }

    public required string Nonce { get; init; }

    public required ImmutableArray<EncodedResource> Resources { get; init; }

    public required ImmutableArray<string> Removed { get; init; }

    /// <summary>Resources that it was sent with. One: a refusal can only mean that one.</summary>
    public required int OriginalCount { get; init; }

    /// <summary>How often what it holds was sent again because of a refusal.</summary>
    public required int Generation { get; init; }

    public SentResponse Without(Func<string, bool> dropped) => this with
    {
        Resources = Resources.RemoveAll(resource => dropped(resource.Key.Name)),
        Removed = Removed.RemoveAll(name => dropped(name)),
    };
}
