// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.NodeAgent.Processes;

/// <summary>A program to run to its end.</summary>
internal sealed record CommandLine(string Program, ImmutableArray<string> Arguments)
{
    public required TimeSpan Limit { get; init; }

    /// <summary>Sees every line of output as it comes.</summary>
    public Action<string>? OnLine { get; init; }

    public override string ToString() => $"{Program} {string.Join(' ', Arguments)}";
}

/// <summary>How a program ended.</summary>
internal sealed record CommandOutcome
{
    /// <summary>Null when it could not be started or did not end in time.</summary>
    public required int? ExitCode { get; init; }

    /// <summary>Of both streams, line by line as they came.</summary>
    public required string Output { get; init; }

    public required string StandardOutput { get; init; }

    /// <summary>What went wrong, null when nothing did.</summary>
    public required string? Problem { get; init; }

    public bool Succeeded => Problem is null;
}
