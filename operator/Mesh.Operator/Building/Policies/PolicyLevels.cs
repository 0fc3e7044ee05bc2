// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Features;
using Mesh.Operator.Building.Routes;

namespace Mesh.Operator.Building.Policies;

/// <summary>
/// The one policy at each level of the hierarchy, after conflicts: Mesh, Namespace, Service, its port, route, its rule. Between Namespace and
/// Service stands what the Service object itself asks for.
/// </summary>
internal sealed class PolicyLevels(Lookups lookups)
{
    /// <summary>Features for connections to a port, the most specific level first.</summary>
    public IEnumerable<FeatureSet> OfCluster(ServicePortName port)
    {
        var (own, whole) = Keys(port);
        var space = port.Service.Namespace;
        FeatureSet?[] levels =
        [
            At(own), At(whole), lookups.Service(port.Service)?.Features, At(new TargetKey(PolicyTargetKind.Namespace, space, space, "")), lookups.MeshDefaults(),
        ];
        return levels.OfType<FeatureSet>();
    }

    /// <summary>Whether a policy on the port or its service works on requests. One on a namespace or the mesh leaves open which ports have any.</summary>
    public bool HasHttpFields(ServicePortName port)
    {
        var (own, whole) = Keys(port);
        return lookups.PolicyAt(own)?.HasHttpFields == true || lookups.PolicyAt(whole)?.HasHttpFields == true;
    }

    /// <summary>Features for requests of a rule on a port, the most specific level first.</summary>
    public IEnumerable<FeatureSet> OfRule(ServicePortName port, CompiledRoute route, CompiledRule rule)
    {
        PolicyTargetKind? kind = route.Source.Key.Kind switch
        {
            "HTTPRoute" => PolicyTargetKind.HTTPRoute,
            "GRPCRoute" => PolicyTargetKind.GRPCRoute,
            _ => null,
        };
        if (kind is null)
        {
            return OfCluster(port);
        }

        var whole = new TargetKey(kind.Value, route.Source.Namespace, route.Source.Name, "");
        FeatureSet?[] levels = [rule.Name.Length == 0 ? null : At(whole with { Section = rule.Name }), At(whole)];
        return levels.OfType<FeatureSet>().Concat(OfCluster(port));
    }

    private static (TargetKey Own, TargetKey Whole) Keys(ServicePortName port)
    {
        var (space, service) = port.Service;
        var whole = new TargetKey(PolicyTargetKind.Service, space, service, "");
        return (whole with { Section = port.Port.ToString(CultureInfo.InvariantCulture) }, whole);
    }

    private FeatureSet? At(TargetKey key) => lookups.PolicyAt(key)?.Features;
}
