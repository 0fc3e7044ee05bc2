// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Mesh.Benchmarks.Cluster;

/// <summary>Policies as the API server lists them: what is needed to tell whether they are in force.</summary>
internal sealed record PolicyList
{
    [JsonPropertyName("items")]
    public required IReadOnlyList<ListedPolicy> Items { get; init; }
}

internal sealed record ListedPolicy
{
    [JsonPropertyName("metadata")]
    public required ListedMetadata Metadata { get; init; }

    [JsonPropertyName("status")]
    public ListedStatus? Status { get; init; }

    [JsonIgnore]
    public bool IsProgrammed => Status?.Conditions.Any(condition =>
        condition.Type == "Programmed" && condition.Status == "True" && condition.ObservedGeneration == Metadata.Generation) == true;
}

internal sealed record ListedMetadata
{
    [JsonPropertyName("generation")]
    public required long Generation { get; init; }
}

internal sealed record ListedStatus
{
    [JsonPropertyName("conditions")]
    public IReadOnlyList<ListedCondition> Conditions { get; init; } = [];
}

internal sealed record ListedCondition
{
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("status")]
    public required string Status { get; init; }

    [JsonPropertyName("observedGeneration")]
    public long ObservedGeneration { get; init; }
}
