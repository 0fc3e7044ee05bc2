// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Sources;

namespace Mesh.Testing.Builders;

/// <summary>Puts a resource set together, object by object.</summary>
public sealed class ResourceSetBuilder
{
    private ResourceSet set;

    public ResourceSetBuilder(ResourceSet? start = null) => set = start ?? ResourceSet.Empty;

    public static ResourceSet Of(params IEnumerable<IKubernetesObject<V1ObjectMeta>> entities) => new ResourceSetBuilder().Add(entities).Build();

    public ResourceSetBuilder Add(params IEnumerable<IKubernetesObject<V1ObjectMeta>> entities)
    {
        foreach (var entity in entities)
        {
            var key = KeyOf(entity);
            set = entity switch
            {
                MeshConfiguration mesh => set with { Meshes = set.Meshes.SetItem(key, mesh) },
                TrafficPolicy policy => set with { TrafficPolicies = set.TrafficPolicies.SetItem(key, policy) },
                HTTPRoute route => set with { HttpRoutes = set.HttpRoutes.SetItem(key, route) },
                GRPCRoute route => set with { GrpcRoutes = set.GrpcRoutes.SetItem(key, route) },
                Namespace space => set with { Namespaces = set.Namespaces.SetItem(key, space) },
                Service service => set with { Services = set.Services.SetItem(key, service) },
                EndpointSlice slice => set with { EndpointSlices = set.EndpointSlices.SetItem(key, slice) },
                Pod pod => set with { Pods = set.Pods.SetItem(key, pod) },
                ServiceAccount account => set with { ServiceAccounts = set.ServiceAccounts.SetItem(key, account) },
                Node node => set with { Nodes = set.Nodes.SetItem(key, node) },
                _ => throw new ArgumentException($"No such kind is watched: {entity.GetType()}", nameof(entities)),
            };
        }

        set = set with { Revision = set.Revision.Next() };
        return this;
    }

    public ResourceSetBuilder Remove(ObjectKey key)
    {
        set = set with
        {
            Revision = set.Revision.Next(),
            Meshes = set.Meshes.Remove(key),
            TrafficPolicies = set.TrafficPolicies.Remove(key),
            HttpRoutes = set.HttpRoutes.Remove(key),
            GrpcRoutes = set.GrpcRoutes.Remove(key),
            Namespaces = set.Namespaces.Remove(key),
            Services = set.Services.Remove(key),
            EndpointSlices = set.EndpointSlices.Remove(key),
            Pods = set.Pods.Remove(key),
            ServiceAccounts = set.ServiceAccounts.Remove(key),
            Nodes = set.Nodes.Remove(key),
        };
        return this;
    }

    public ResourceSetBuilder Problem(ObjectKey key, params IEnumerable<SourceProblem> problems)
    {
        set = set with { Revision = set.Revision.Next(), Problems = set.Problems.SetItem(key, problems.ToEquatableArray()) };
        return this;
    }

    public ResourceSet Build() => set;

    public static ObjectKey KeyOf(IKubernetesObject<V1ObjectMeta> entity) => new(
        entity is MeshConfiguration ? "Mesh" : entity.GetType().Name, entity.Metadata.NamespaceProperty ?? "", entity.Metadata.Name);
}
