// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Mesh.Operator.Sources.Yaml;

/// <summary>A place in a text; both count from 1.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextPosition(int Line, int Column);

/// <summary>What is wrong with a text, where, and what would be right.</summary>
/// <param name="Path">Path of the field, empty for the document as a whole.</param>
internal sealed record TextProblem(TextPosition Position, string Path, string Message);

/// <summary>A YAML or JSON document as a tree. One that is torn holds what stood before the tear.</summary>
internal sealed record TextDocument
{
    /// <summary>Null for an empty document as well as for YAML's null.</summary>
    public required JsonNode? Root { get; init; }

    public required PositionMap Positions { get; init; }

    public required ImmutableArray<TextProblem> Problems { get; init; }

    /// <summary>The text could not be read to its end.</summary>
    public required bool IsTorn { get; init; }

    /// <summary>In a torn document: the key of the root whose value was not read to its end.</summary>
    public string? OpenKey { get; init; }
}
