// SPDX-License-Identifier: Apache-2.0
namespace Mesh.NodeAgent.Binaries;

/// <summary>A place that Envoy can be had from.</summary>
internal interface IEnvoySource
{
    /// <summary>In words, for "trying …".</summary>
    string Name { get; }

    /// <summary>Brings the binary into <paramref name="folder"/>, a temporary folder that the caller deletes.</summary>
    Task<FetchOutcome> FetchAsync(string folder, Action<string> report, CancellationToken ct);
}

/// <summary>Either a path with what is known of its origin, or why there is none.</summary>
internal sealed record FetchOutcome
{
    public string? Path { get; init; }

    /// <summary>How the file was verified, in words.</summary>
    public string? Verified { get; init; }

    public string? Problem { get; init; }

    public static FetchOutcome Failed(string problem) => new() { Problem = problem };
}
