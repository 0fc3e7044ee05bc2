// SPDX-License-Identifier: Apache-2.0
using k8s.Models;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Status;

/// <summary>What the reporters need to know of an object.</summary>
/// <param name="Key">Its identity.</param>
/// <param name="Generation">The generation that the store holds.</param>
/// <param name="Target">What it applies to.</param>
/// <param name="Parents">For a route all its parents, Services and others; else empty.</param>
internal sealed record StatusSubject(ObjectKey Key, long Generation, string Target, EquatableArray<ParentReference> Parents)
{
    /// <summary>Which object of this name it is, where a cluster tells.</summary>
    public string? Uid { get; init; }

    public static StatusSubject Of(ObjectKey key, MeshConfiguration mesh) => new(key, mesh.Metadata.Generation ?? 0, "Mesh", []) { Uid = mesh.Metadata.Uid };

    public static StatusSubject Of(ObjectKey key, TrafficPolicy policy) =>
        new(key, policy.Metadata.Generation ?? 0, Summarise(policy.Spec.TargetRefs?.Select(Text)), []) { Uid = policy.Metadata.Uid };

    public static StatusSubject Of(ObjectKey key, HTTPRoute route) => OfRoute(key, route.Metadata, route.Spec.ParentRefs);

    public static StatusSubject Of(ObjectKey key, GRPCRoute route) => OfRoute(key, route.Metadata, route.Spec.ParentRefs);

    private static StatusSubject OfRoute(ObjectKey key, V1ObjectMeta metadata, IReadOnlyList<ParentReference>? parents) =>
        new(key, metadata.Generation ?? 0, Summarise(parents?.Where(ParentsBuilder.IsOurs).Select(Text)), (parents ?? []).ToEquatableArray())
        {
            Uid = metadata.Uid,
        };

    private static string Text(PolicyTargetReference target) => $"{target.Kind}/{target.Name}{Section(target.SectionName)}";

    private static string Text(ParentReference parent) =>
        $"{parent.Kind}/{(parent.Namespace is null ? string.Empty : parent.Namespace + "/")}{parent.Name}{Section(parent.Port?.ToString(provider: null) ?? parent.SectionName)}";

    private static string Section(string? section) => section is null ? string.Empty : ":" + section;

    private static string Summarise(IEnumerable<string>? targets)
    {
        var all = (targets ?? []).ToList();
        return all.Count switch
        {
            0 => "-",
            1 => all[0],
            _ => $"{all[0]} +{all.Count - 1}",
        };
    }
}
