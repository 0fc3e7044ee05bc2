// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using KubeOps.Abstractions.Entities;

namespace Mesh.Crds.Schema;

/// <summary>Everything that is said about a kind: its names, its columns and what its documents must be like.</summary>
public sealed record CrdSchema
{
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public required EntityScope Scope { get; init; }

    public required ImmutableArray<string> ShortNames { get; init; }

    public required ImmutableArray<string> Categories { get; init; }

    public required ImmutableArray<PrinterColumn> Columns { get; init; }

    /// <summary>The whole document except apiVersion, kind, metadata and what the operator writes (status of custom resources).</summary>
    public required SchemaNode Root { get; init; }

    /// <summary>What the operator writes; null where a document's status is read like the rest.</summary>
    public required SchemaNode? Status { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";
}

/// <summary>A column of <c>kubectl get</c>.</summary>
public sealed record PrinterColumn(string Name, string Type, string JsonPath, int Priority);
