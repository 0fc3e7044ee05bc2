// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using KubeOps.Abstractions.Entities;
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
    public required KindOrigin Origin { get; init; }

    public required Type EntityType { get; init; }

    public required CrdSchema Schema { get; init; }

    /// <summary>Empty for the core group.</summary>
    public string Group => Schema.Group;

    public string Version => Schema.Version;

    /// <summary>"v1", "discovery.k8s.io/v1".</summary>
    public string ApiVersion => Schema.ApiVersion;

    public string Kind => Schema.Kind;

    public string Plural => Schema.Plural;

    public EntityScope Scope => Schema.Scope;

    /// <summary>Checks the document, fills in defaults and makes the typed object. Never throws, whatever the document.</summary>
    public ReadResult Read(JsonNode? document) => EntityReader.Read(this, document);
}
