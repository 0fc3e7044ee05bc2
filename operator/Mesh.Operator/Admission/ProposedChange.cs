// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Admission;

/// <summary>A write that has not happened yet.</summary>
/// <param name="Key">The object's key.</param>
/// <param name="Proposed">The object as it would be.</param>
/// <param name="Stored">The object as it is; null for a new one.</param>
internal sealed record ProposedChange(ObjectKey Key, IKubernetesObject<V1ObjectMeta> Proposed, IKubernetesObject<V1ObjectMeta>? Stored)
{
    /// <summary>The part of the mesh that the change can be about, without and with it.</summary>
    public (ResourceSet Before, ResourceSet After) Sets(ResourceSet current)
    {
        var part = MeshPart.Around(this, current);
        var before = new ResourceSetEditor(part);
        before.Remove(Key);
        if (Stored is not null)
        {
            before.Set(Key, Stored);
        }

        var after = new ResourceSetEditor(part);
        after.Set(Key, Proposed);
        return (before.Build(current.Revision), after.Build(current.Revision));
    }

    /// <summary>What both versions name.</summary>
    public IEnumerable<IKubernetesObject<V1ObjectMeta>> Versions => Stored is null ? [Proposed] : [Proposed, Stored];

    /// <summary>The services that an object is attached to: the parents of a route, the targets of a policy, those of targeted routes too.</summary>
    public static IEnumerable<ServiceName> ServicesOf(IKubernetesObject<V1ObjectMeta> obj, ResourceSet current)
    {
        var space = obj.Metadata.NamespaceProperty ?? "";
        return obj switch
        {
            HTTPRoute route => Parents(route.Spec?.ParentRefs, space),
            GRPCRoute route => Parents(route.Spec?.ParentRefs, space),
            TrafficPolicy policy => (policy.Spec?.TargetRefs ?? []).OfType<PolicyTargetReference>().SelectMany(target => Targets(target, space, current)),
            _ => [],
        };
    }

    /// <summary>The services that the change is about, as far as they exist.</summary>
    public IReadOnlyList<CatalogService> ServicesIn(ServiceCatalog catalog, ResourceSet current)
    {
        var isForNamespace = Versions.OfType<TrafficPolicy>()
            .SelectMany(policy => policy.Spec?.TargetRefs ?? [])
            .Any(target => target?.Kind == PolicyTargetKind.Namespace);
        var named = Versions.SelectMany(version => ServicesOf(version, current)).Distinct().Select(catalog.Find).OfType<CatalogService>();
        var found = isForNamespace ? catalog.Services.Values.Where(service => service.Name.Namespace == Key.Namespace).Concat(named).Distinct() : named;
        return [.. found.OrderBy(service => service.Name)];
    }

    private static IEnumerable<ServiceName> Targets(PolicyTargetReference target, string space, ResourceSet current)
    {
        var key = new ObjectKey(target.Kind?.ToString() ?? "", space, target.Name ?? "");
        return target.Kind switch
        {
            PolicyTargetKind.Service => [new ServiceName(space, key.Name)],
            PolicyTargetKind.HTTPRoute => Parents(current.HttpRoutes.GetValueOrDefault(key)?.Spec?.ParentRefs, space),
            PolicyTargetKind.GRPCRoute => Parents(current.GrpcRoutes.GetValueOrDefault(key)?.Spec?.ParentRefs, space),
            PolicyTargetKind.Namespace or null => [],
            _ => [],
        };
    }

    private static IEnumerable<ServiceName> Parents(IReadOnlyList<ParentReference>? parents, string space) =>
        (parents ?? []).Where(ParentsBuilder.IsOurs).Select(parent => new ServiceName(parent.Namespace is { Length: > 0 } other ? other : space, parent.Name ?? ""));
}
