// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;

namespace Mesh.Operator.Sources.Files;

/// <summary>What stands between two document markers of a file.</summary>
internal sealed record ParsedPart
{
    /// <summary>Of its bytes.</summary>
    public required UInt128 Hash { get; init; }

    /// <summary>Its first line in the file, from 1.</summary>
    public required int Line { get; init; }

    public required ImmutableArray<ParsedDocument> Documents { get; init; }

    /// <summary>Problems that belong to no object.</summary>
    public required ImmutableArray<SourceProblem> Problems { get; init; }

    /// <summary>It may hold objects that could not be made out: none that the file had is known to be gone.</summary>
    public required bool HidesObjects { get; init; }

    /// <summary>Objects of kinds that are no concern of the mesh.</summary>
    public required int Ignored { get; init; }

    /// <summary>The same part, after lines above it came or went.</summary>
    public ParsedPart MovedTo(int line)
    {
        var distance = line - Line;
        return distance == 0
            ? this
            : this with
            {
                Line = line,
                Documents = [.. Documents.Select(d => d with { Line = d.Line + distance, Problems = Move(d.Problems, distance).ToEquatableArray() })],
                Problems = [.. Move(Problems, distance)],
            };
    }

    private static IEnumerable<SourceProblem> Move(IEnumerable<SourceProblem> problems, int distance) =>
        problems.Select(p => p.Line == 0 ? p : p with { Line = p.Line + distance });
}
