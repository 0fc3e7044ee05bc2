// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Core;
using Mesh.Crds.Kinds;

namespace Mesh.Operator.Kubernetes;

/// <summary>A kind as a reflector sees it.</summary>
internal sealed record ReflectedKind
{
    private const string Json = "application/json";

    /// <summary>As in YAML.</summary>
    public required string Name { get; init; }

    /// <summary>Of all its objects in all namespaces, relative to the API server's root.</summary>
    public required string Path { get; init; }

    /// <summary>Only metadata is asked for.</summary>
    public bool IsSlim { get; init; }

    /// <summary>Media type to ask a watch for.</summary>
    public string WatchType => IsSlim ? $"{Json};as=PartialObjectMetadata;g=meta.k8s.io;v=v1,{Json}" : Json;

    /// <summary>Media type to ask a list for, which has another name for the same.</summary>
    public string ListType => IsSlim ? $"{Json};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,{Json}" : Json;

    public required IWatchedObjectReader Reader { get; init; }

    /// <summary>Name of the CRD that brings the kind, <c>httproutes.gateway.networking.k8s.io</c>; null where every API server has it.</summary>
    public string? Definition { get; init; }

    /// <summary>What a user does who misses the kind; null where that is as good as having it.</summary>
    public string? Advice { get; init; }

    /// <summary>For a kind without which the mesh works, a little worse: how. A role that does not allow to see it is no failure. Null for all others.</summary>
    public string? WithoutIt { get; init; }

    /// <summary>The CRDs of the cluster, only their names: they tell when an optional kind comes and goes.</summary>
    public static ReflectedKind Definitions => new()
    {
        Name = "CustomResourceDefinition",
        Path = "apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        IsSlim = true,
        Reader = new WatchSlimReader("CustomResourceDefinition", typeof(ObjectMetadata)),
        WithoutIt = "kinds whose CRDs come later are looked for now and then",
    };

    /// <summary>A kind that the operator itself writes.</summary>
    public static ReflectedKind OfWritten(KindEntry entry) => Of(entry) with { WithoutIt = "a status that somebody else writes over stays so until it changes" };

    public static ReflectedKind Of(KindEntry entry) => new()
    {
        Name = entry.Kind,
        Path = entry.Group.Length == 0 ? $"api/{entry.Version}/{entry.Plural}" : $"apis/{entry.Group}/{entry.Version}/{entry.Plural}",
        Reader = entry.Origin == KindOrigin.Core ? new WatchSlimReader(entry.Kind, entry.EntityType) : new WatchSchemaReader(entry),
        Definition = entry.Origin == KindOrigin.Core ? null : $"{entry.Plural}.{entry.Group}",
        Advice = entry.Origin == KindOrigin.Mesh ? "kubectl apply --server-side -f crds/manifests" : null,
    };

    /// <summary>An object of which only metadata is asked for.</summary>
    private sealed class ObjectMetadata : CoreEntity;
}
