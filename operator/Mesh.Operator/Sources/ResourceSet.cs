// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;

namespace Mesh.Operator.Sources;

/// <summary>Every watched object at one revision; immutable. Objects in it are never changed.</summary>
public sealed record ResourceSet
{
    public required Revision Revision { get; init; }

    public required ImmutableDictionary<ObjectKey, MeshConfiguration> Meshes { get; init; }

    public required ImmutableDictionary<ObjectKey, TrafficPolicy> TrafficPolicies { get; init; }

    public required ImmutableDictionary<ObjectKey, HTTPRoute> HttpRoutes { get; init; }

    public required ImmutableDictionary<ObjectKey, GRPCRoute> GrpcRoutes { get; init; }

    public required ImmutableDictionary<ObjectKey, Namespace> Namespaces { get; init; }

    public required ImmutableDictionary<ObjectKey, Service> Services { get; init; }

    public required ImmutableDictionary<ObjectKey, EndpointSlice> EndpointSlices { get; init; }

    public required ImmutableDictionary<ObjectKey, Pod> Pods { get; init; }

    public required ImmutableDictionary<ObjectKey, ServiceAccount> ServiceAccounts { get; init; }

    public required ImmutableDictionary<ObjectKey, Node> Nodes { get; init; }

    /// <summary>
    /// What the source could not read or that broke its schema. The object's last good version, if it had one, is in the set all the same.
    /// </summary>
    public required ImmutableDictionary<ObjectKey, EquatableArray<SourceProblem>> Problems { get; init; }

    public static ResourceSet Empty { get; } = new()
    {
        Revision = default,
        Meshes = ImmutableDictionary<ObjectKey, MeshConfiguration>.Empty,
        TrafficPolicies = ImmutableDictionary<ObjectKey, TrafficPolicy>.Empty,
        HttpRoutes = ImmutableDictionary<ObjectKey, HTTPRoute>.Empty,
        GrpcRoutes = ImmutableDictionary<ObjectKey, GRPCRoute>.Empty,
        Namespaces = ImmutableDictionary<ObjectKey, Namespace>.Empty,
        Services = ImmutableDictionary<ObjectKey, Service>.Empty,
        EndpointSlices = ImmutableDictionary<ObjectKey, EndpointSlice>.Empty,
        Pods = ImmutableDictionary<ObjectKey, Pod>.Empty,
        ServiceAccounts = ImmutableDictionary<ObjectKey, ServiceAccount>.Empty,
        Nodes = ImmutableDictionary<ObjectKey, Node>.Empty,
        Problems = ImmutableDictionary<ObjectKey, EquatableArray<SourceProblem>>.Empty,
    };

    /// <summary>Keys of all objects, and of those that could not be read.</summary>
    public IEnumerable<ObjectKey> Keys =>
    [
        .. Meshes.Keys, .. TrafficPolicies.Keys, .. HttpRoutes.Keys, .. GrpcRoutes.Keys, .. Namespaces.Keys, .. Services.Keys, .. EndpointSlices.Keys,
        .. Pods.Keys, .. ServiceAccounts.Keys, .. Nodes.Keys, .. Problems.Keys,
    ];

    /// <summary>The object of a key; null where there is none.</summary>
    public IKubernetesObject<V1ObjectMeta>? Find(ObjectKey key) => key.Kind switch
    {
        "Mesh" => Meshes.GetValueOrDefault(key),
        "TrafficPolicy" => TrafficPolicies.GetValueOrDefault(key),
        "HTTPRoute" => HttpRoutes.GetValueOrDefault(key),
        "GRPCRoute" => GrpcRoutes.GetValueOrDefault(key),
        "Namespace" => Namespaces.GetValueOrDefault(key),
        "Service" => Services.GetValueOrDefault(key),
        "EndpointSlice" => EndpointSlices.GetValueOrDefault(key),
        "Pod" => Pods.GetValueOrDefault(key),
        "ServiceAccount" => ServiceAccounts.GetValueOrDefault(key),
        "Node" => Nodes.GetValueOrDefault(key),
        _ => null,
    };
}

/// <summary>Why a document could not be taken as it stands.</summary>
/// <param name="File">Path relative to the watched folder; empty when the source is no file.</param>
/// <param name="Line">1-based line where known, else 0.</param>
/// <param name="Path">Field path, <c>spec.retries.attempts</c>; empty for the document as a whole.</param>
/// <param name="Message">What is wrong and what would be right.</param>
/// <param name="Generation">The generation that the bad version would have had; the last good one is older.</param>
public sealed record SourceProblem(string File, int Line, string Path, string Message, long Generation);
