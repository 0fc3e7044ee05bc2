// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Routes;

/// <summary>Reads every HTTPRoute and GRPCRoute that has a Service as parent.</summary>
internal static class RoutesBuilder
{
    public static IReadOnlyList<CompiledRoute> Build(ResourceSet resources, ServiceCatalog catalog, FindingTable findings)
    {
        var parents = new ParentsBuilder(catalog, findings);
        var routes = new List<CompiledRoute>();
        foreach (var (key, route) in resources.HttpRoutes.OrderBy(pair => pair.Key))
        {
            if (route.Spec?.ParentRefs?.Any(ParentsBuilder.IsOurs) == true)
            {
                var problems = new ProblemList();
                var rules = HttpRulesBuilder.Build(route.Spec.Rules, "spec.rules", new ReferenceScope(key.Namespace, catalog), problems);
                var source = UserObject.Of(key, route);
                Report(source, rules, problems, findings);
                routes.Add(new CompiledRoute
                {
                    Source = source,
                    Kind = RouteKind.Http,
                    Rules = rules,
                    Attachments = ConsumerExpressions.Keep(parents.Build(source, route.Spec.ParentRefs), rules, (parent, problem) => Refuse(source, parent, problem, findings)),
                    HasFeatures = false,
                });
            }
        }

        foreach (var (key, route) in resources.GrpcRoutes.OrderBy(pair => pair.Key))
        {
            if (route.Spec?.ParentRefs?.Any(ParentsBuilder.IsOurs) == true)
            {
                var problems = new ProblemList();
                var rules = GrpcRulesBuilder.Build(route.Spec.Rules, "spec.rules", new ReferenceScope(key.Namespace, catalog), problems);
                var source = UserObject.Of(key, route);
                Report(source, rules, problems, findings);
                routes.Add(new CompiledRoute
                {
                    Source = source,
                    Kind = RouteKind.Grpc,
                    Rules = rules,
                    Attachments = ConsumerExpressions.Keep(parents.Build(source, route.Spec.ParentRefs), rules, (parent, problem) => Refuse(source, parent, problem, findings)),
                    HasFeatures = false,
                });
            }
        }

        return routes;
    }

    private static void Refuse(UserObject source, int parent, string problem, FindingTable findings) => findings.Add(source, new Finding(
        source.Reference, parent, FindingCondition.Accepted, Reasons.UnsupportedValue, $"spec.parentRefs[{parent}]", problem));

    /// <summary>A route of which some rule is in force is accepted; what of it is not makes the finding partial.</summary>
    private static void Report(UserObject source, IReadOnlyList<CompiledRule> rules, ProblemList problems, FindingTable findings) =>
        findings.Add(source, problems, isPartial: rules.Any(rule => !rule.IsRefused && rule.Matches.Count > 0));
}
