// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Routes;

/// <summary>Reads an HTTPRoute or GRPCRoute that has a Service as parent.</summary>
internal static class RoutesBuilder
{
    public static Reading? Build(ObjectKey key, HTTPRoute route, Lookups lookups)
    {
        if (route.Spec?.ParentRefs?.Any(ParentsBuilder.IsOurs) != true)
        {
            return null;
        }

        var problems = new ProblemList();
        var rules = HttpRulesBuilder.Build(route.Spec.Rules, "spec.rules", new ReferenceScope(key.Namespace, lookups), problems);
        return Of(UserObject.Of(key, route), RouteKind.Http, (rules, problems), (route.Spec.ParentRefs, lookups));
    }

    public static Reading? Build(ObjectKey key, GRPCRoute route, Lookups lookups)
    {
        if (route.Spec?.ParentRefs?.Any(ParentsBuilder.IsOurs) != true)
        {
            return null;
        }

        var problems = new ProblemList();
        var rules = GrpcRulesBuilder.Build(route.Spec.Rules, "spec.rules", new ReferenceScope(key.Namespace, lookups), problems);
        return Of(UserObject.Of(key, route), RouteKind.Grpc, (rules, problems), (route.Spec.ParentRefs, lookups));
    }

    /// <summary>A route of which some rule is in force is accepted; what of it is not makes the finding partial.</summary>
    private static Reading Of(
        UserObject source,
        RouteKind kind,
        (IReadOnlyList<CompiledRule> Rules, ProblemList Problems) read,
        (IReadOnlyList<ParentReference>? References, Lookups Lookups) parents)
    {
        var findings = new FindingList(source);
        findings.Add(read.Problems, isPartial: read.Rules.Any(rule => !rule.IsRefused && rule.Matches.Count > 0));
        var route = new CompiledRoute
        {
            Source = source,
            Kind = kind,
            Rules = read.Rules,
            Attachments = ConsumerExpressions.Keep(
                new ParentsBuilder(parents.Lookups, findings).Build(source, parents.References),
                read.Rules,
                (parent, problem) => findings.Add(new Finding(
                    source.Reference, parent, FindingCondition.Accepted, Reasons.UnsupportedValue, $"spec.parentRefs[{parent}]", problem))),
            HasFeatures = false,
        };
        return new Reading(findings.Items.ToEquatableArray()) { Route = route };
    }
}
