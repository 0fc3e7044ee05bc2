// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.Kinds;

/// <summary>Whose kind it is.</summary>
public enum KindOrigin
{
    /// <summary>Ours: we ship its CRD.</summary>
    Mesh,

    /// <summary>Gateway API's: its own CRD, of which we honour a part.</summary>
    GatewayApi,

    /// <summary>Built into Kubernetes: only the fields that we read are known, others are ignored.</summary>
    Core,
}

/// <summary>A kind that the product reads.</summary>
public sealed record KindEntry
{
    /// <summary>Empty for the core group.</summary>
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public required EntityScope Scope { get; init; }

    public required KindOrigin Origin { get; init; }

    public required Type EntityType { get; init; }

    /// <summary>"v1", "discovery.k8s.io/v1".</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Checks the document, fills in defaults and makes the typed object. Never throws, whatever the document.</summary>
    public ReadResult Read(JsonNode? document) => throw new NotImplementedException();
}
