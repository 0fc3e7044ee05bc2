// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

/// <summary>Rules of an HTTPRoute, or of a TrafficPolicy, which has the same.</summary>
internal static class HttpRulesBuilder
{
    private const int ErrorStatus = 500;

    public static IReadOnlyList<CompiledRule> Build(
        IReadOnlyList<HTTPRouteRule>? specs, string path, ReferenceScope scope, ProblemList problems)
    {
        var rules = new List<CompiledRule>();
        foreach (var (spec, itemPath, index) in SpecChecks.Each(specs, path, problems))
        {
            var rule = new RuleSpec
            {
                Index = index,
                Name = spec.Name,
                Matches = HttpMatchBuilder.Build(spec.Matches, $"{itemPath}.matches", problems),
                Filters = spec.Filters,
                Backends = spec.BackendRefs?.Select(backend => backend is null ? null : new BackendSpec(backend, backend.Filters)).ToArray(),
                Timeouts = spec.Timeouts,
                ErrorStatus = ErrorStatus,
            };
            rules.Add(RuleBuilder.Build(rule, itemPath, scope, problems));
        }

        return rules;
    }
}
