// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;

namespace Mesh.Operator.Sources;

/// <summary>Makes the next <see cref="ResourceSet"/> out of one; untouched kinds keep their dictionaries.</summary>
internal sealed class ResourceSetEditor(ResourceSet previous)
{
    private readonly ImmutableDictionary<ObjectKey, MeshConfiguration>.Builder meshes = previous.Meshes.ToBuilder();
    private readonly ImmutableDictionary<ObjectKey, TrafficPolicy>.Builder trafficPolicies = previous.TrafficPolicies.ToBuilder();
    private readonly ImmutableDictionary<ObjectKey, HTTPRoute>.Builder httpRoutes = previous.HttpRoutes.ToBuilder();
    private readonly ImmutableDictionary<ObjectKey, GRPCRoute>.Builder grpcRoutes = previous.GrpcRoutes.ToBuilder();
    private readonly ImmutableDictionary<ObjectKey, Namespace>.Builder namespaces = previous.Namespaces.ToBuilder();
    private readonly ImmutableDictionary<ObjectKey, Service>.Builder services = previous.Services.ToBuilder();
    private readonly ImmutableDictionary<ObjectKey, EndpointSlice>.Builder endpointSlices = previous.EndpointSlices.ToBuilder();
    private readonly ImmutableDictionary<ObjectKey, Pod>.Builder pods = previous.Pods.ToBuilder();
    private readonly ImmutableDictionary<ObjectKey, ServiceAccount>.Builder serviceAccounts = previous.ServiceAccounts.ToBuilder();
    private readonly ImmutableDictionary<ObjectKey, Node>.Builder nodes = previous.Nodes.ToBuilder();
    private readonly ImmutableDictionary<ObjectKey, EquatableArray<SourceProblem>>.Builder problems = previous.Problems.ToBuilder();

    public void Set(ObjectKey key, IKubernetesObject<V1ObjectMeta> obj)
    {
        switch (obj)
        {
            case MeshConfiguration mesh:
                meshes[key] = mesh;
                break;
            case TrafficPolicy policy:
                trafficPolicies[key] = policy;
                break;
            case HTTPRoute route:
                httpRoutes[key] = route;
                break;
            case GRPCRoute route:
                grpcRoutes[key] = route;
                break;
            case Namespace ns:
                namespaces[key] = ns;
                break;
            case Service service:
                services[key] = service;
                break;
            case EndpointSlice slice:
                endpointSlices[key] = slice;
                break;
            case Pod pod:
                pods[key] = pod;
                break;
            case ServiceAccount account:
                serviceAccounts[key] = account;
                break;
            case Node node:
                nodes[key] = node;
                break;
            default:
                throw new ArgumentException($"The store holds no {key.Kind}: add it to ResourceSet.", nameof(obj));
        }
    }

    /// <summary>False when there was no such object.</summary>
    public bool Remove(ObjectKey key) =>
        // A key names its kind, so at most one of them has it.
        meshes.Remove(key) || trafficPolicies.Remove(key) || httpRoutes.Remove(key) || grpcRoutes.Remove(key) || namespaces.Remove(key)
        || services.Remove(key) || endpointSlices.Remove(key) || pods.Remove(key) || serviceAccounts.Remove(key)
        || nodes.Remove(key);

    /// <summary>False when they were the same already.</summary>
    public bool SetProblems(ObjectKey key, EquatableArray<SourceProblem> found)
    {
        if (problems.GetValueOrDefault(key) == found)
        {
            return false;
        }

        if (found.IsEmpty)
        {
            problems.Remove(key);
        }
        else
        {
            problems[key] = found;
        }

        return true;
    }

    public ResourceSet Build(Revision revision) => new()
    {
        Revision = revision,
        Meshes = meshes.ToImmutable(),
        TrafficPolicies = trafficPolicies.ToImmutable(),
        HttpRoutes = httpRoutes.ToImmutable(),
        GrpcRoutes = grpcRoutes.ToImmutable(),
        Namespaces = namespaces.ToImmutable(),
        Services = services.ToImmutable(),
        EndpointSlices = endpointSlices.ToImmutable(),
        Pods = pods.ToImmutable(),
        ServiceAccounts = serviceAccounts.ToImmutable(),
        Nodes = nodes.ToImmutable(),
        Problems = problems.ToImmutable(),
    };
}
