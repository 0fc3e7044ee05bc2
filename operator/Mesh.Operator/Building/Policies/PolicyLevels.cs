// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Features;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Building.Services;

namespace Mesh.Operator.Building.Policies;

/// <summary>
/// The one policy at each level of the hierarchy, after conflicts: Mesh, Namespace, Service, its port, route, its rule. Between Namespace and
/// Service stands what the Service object itself asks for.
/// </summary>
internal sealed class PolicyLevels
{
    private const string OnlyTheFirst = "of the policies on one target only the first is in force; put all features into it";

    private readonly Dictionary<TargetKey, FeatureSet> features = [];
    private readonly HashSet<TargetKey> withHttpFields = [];
    private readonly FeatureSet? mesh;
    private readonly ServiceCatalog catalog;

    private PolicyLevels(FeatureSet? mesh, ServiceCatalog catalog) => (this.mesh, this.catalog) = (mesh, catalog);

    /// <summary>Features for connections to a port, the most specific level first.</summary>
    public IEnumerable<FeatureSet> OfCluster(ServicePortName port)
    {
        var (own, whole) = Keys(port);
        var space = port.Service.Namespace;
        FeatureSet?[] levels = [At(own), At(whole), catalog.Find(port.Service)?.Features, At(new TargetKey(PolicyTargetKind.Namespace, space, space, "")), mesh];
        return levels.OfType<FeatureSet>();
    }

    /// <summary>Whether a policy on the port or its service works on requests. One on a namespace or the mesh leaves open which ports have any.</summary>
    public bool HasHttpFields(ServicePortName port)
    {
        var (own, whole) = Keys(port);
        return withHttpFields.Contains(own) || withHttpFields.Contains(whole);
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

    /// <summary>On one target the older policy wins whole (GEP-713); the others are told by whom they are overridden.</summary>
    public static (PolicyLevels Levels, IReadOnlyList<CompiledRoute> Routes) Build(
        IReadOnlyList<CompiledPolicy> policies, FeatureSet? mesh, ServiceCatalog catalog, FindingTable findings)
    {
        var levels = new PolicyLevels(mesh, catalog);
        var owners = new Dictionary<TargetKey, UserObject>();
        var routes = new List<CompiledRoute>();
        foreach (var policy in policies.OrderBy(policy => policy.Source))
        {
            var won = policy.Targets.Where(target => owners.TryAdd(target.Key, policy.Source)).ToArray();
            foreach (var lost in policy.Targets.Except(won))
            {
                var owner = owners[lost.Key];
                findings.Add(policy.Source, new Finding(
                    policy.Source.Reference,
                    Parent: null,
                    FindingCondition.Accepted,
                    Reasons.Conflicted,
                    $"spec.targetRefs[{lost.Index}]",
                    $"{owner.NamespacedName} targets {lost.Display} as well and {owner.Seniority(policy.Source)}: {OnlyTheFirst}",
                    IsPartial: won.Length > 0));
            }

            foreach (var target in won)
            {
                levels.features.Add(target.Key, policy.Features);
                if (policy.HttpFields.Count > 0)
                {
                    levels.withHttpFields.Add(target.Key);
                }
            }

            if (policy.Rules.Count > 0 && won.Length > 0)
            {
                routes.Add(RouteOf(policy, won));
            }
        }

        return (levels, routes);
    }

    private static (TargetKey Own, TargetKey Whole) Keys(ServicePortName port)
    {
        var (space, service) = port.Service;
        var whole = new TargetKey(PolicyTargetKind.Service, space, service, "");
        return (whole with { Section = port.Port.ToString(CultureInfo.InvariantCulture) }, whole);
    }

    private FeatureSet? At(TargetKey key) => features.GetValueOrDefault(key);

    private static CompiledRoute RouteOf(CompiledPolicy policy, PolicyTarget[] targets) => new()
    {
        Source = policy.Source,
        Kind = RouteKind.Http,
        Rules = policy.Rules,
        Attachments =
        [
            .. targets
                .SelectMany(target => target.Ports
                    .Where(port => port.CarriesHttp)
                    .Select(port => new Attachment(port.Name, ClientNamespace: null, target.Index)))
                .DistinctBy(attachment => attachment.Port),
        ],
        HasFeatures = !policy.Features.IsEmpty,
    };
}
