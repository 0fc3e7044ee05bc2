// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.Schema;
using Mesh.Crds.V1Alpha1;

namespace Mesh.Crds.Kinds;

/// <summary>Every kind that the product reads: file parsing, watches and RBAC are derived from this list.</summary>
public static class KindCatalog
{
    /// <summary>Ours first, then Gateway API's, then Kubernetes' own.</summary>
    public static ImmutableArray<KindEntry> All { get; } =
    [
        Entry<MeshConfiguration>(KindOrigin.Mesh),
        Entry<TrafficPolicy>(KindOrigin.Mesh),
        Entry<HTTPRoute>(KindOrigin.GatewayApi),
        Entry<GRPCRoute>(KindOrigin.GatewayApi),
        Entry<Namespace>(KindOrigin.Core),
        Entry<Service>(KindOrigin.Core),
        Entry<EndpointSlice>(KindOrigin.Core),
        Entry<Pod>(KindOrigin.Core),
        Entry<ServiceAccount>(KindOrigin.Core),
        Entry<Node>(KindOrigin.Core),
    ];

    /// <summary>Kinds of ours that the operator writes and never reads as an input: they have a CRD, and nothing of them is in the model.</summary>
    public static ImmutableArray<KindEntry> Written { get; } = [Entry<MeshNodeObject>(KindOrigin.Mesh)];

    /// <summary>The kind with this very version; null for one that the product does not read.</summary>
    public static KindEntry? Find(string? apiVersion, string? kind) =>
        All.FirstOrDefault(entry => entry.Kind == kind && entry.ApiVersion == apiVersion);

    /// <summary>The kind in whatever version, to tell a user which apiVersion would be right.</summary>
    public static KindEntry? FindByKind(string? kind) => All.FirstOrDefault(entry => entry.Kind == kind);

    private static KindEntry Entry<TEntity>(KindOrigin origin)
        where TEntity : IKubernetesObject<V1ObjectMeta> =>
        new() { Origin = origin, EntityType = typeof(TEntity), Schema = SchemaBuilder.Build(typeof(TEntity)) };
}
