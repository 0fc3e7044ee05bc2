// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model.Settings;

public enum LoadBalancingAlgorithm
{
    LeastRequest,
    RoundRobin,
    Random,
    RingHash,
    Maglev,
}

/// <summary>How an endpoint is chosen.</summary>
public sealed record LoadBalancing
{
    public required LoadBalancingAlgorithm Algorithm { get; init; }

    /// <summary>How many endpoints least-request compares, 2–10; used with <see cref="LoadBalancingAlgorithm.LeastRequest"/> only.</summary>
    public required int? ChoiceCount { get; init; }

    /// <summary>Smallest ring, 1–8388608 entries; used with <see cref="LoadBalancingAlgorithm.RingHash"/> only.</summary>
    public required int? MinimumRingSize { get; init; }

    /// <summary>Used with least-request and round-robin only.</summary>
    public required SlowStart? SlowStart { get; init; }

    public static LoadBalancing Default { get; } = new()
    {
        Algorithm = LoadBalancingAlgorithm.LeastRequest,
        ChoiceCount = null,
        MinimumRingSize = null,
        SlowStart = null,
    };
}

/// <summary>A new endpoint gets its full share only after <paramref name="Window"/>.</summary>
/// <param name="Window">How long the share grows.</param>
/// <param name="MinimumWeightPercent">The share it starts with, 0–100 % of its full one.</param>
public sealed record SlowStart(TimeSpan Window, int MinimumWeightPercent);

public enum HashSource
{
    Header,
    Cookie,
    QueryParameter,
    SourceAddress,
}

/// <summary>What of a request decides its endpoint under ring-hash and Maglev.</summary>
/// <param name="Source">Where the value is taken from.</param>
/// <param name="Name">Name of header, cookie or query parameter; empty for the source address.</param>
/// <param name="CookieTtl">With a value, a client without the cookie is given one of this life (0 = session); else it is only read.</param>
public sealed record HashPolicy(HashSource Source, string Name, TimeSpan? CookieTtl);
