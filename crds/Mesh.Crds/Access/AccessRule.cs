// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.Crds.Access;

/// <summary>Something that a part of the mesh may do at the API server.</summary>
public sealed record AccessRule
{
    /// <summary>Empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>Plural names, a subresource after "/".</summary>
    public required ImmutableArray<string> Resources { get; init; }

    /// <summary>Only objects of these names; empty for all.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    public required ImmutableArray<string> Verbs { get; init; }

    /// <summary>What it is needed for.</summary>
    public required string Why { get; init; }
}
