// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

internal static class GrpcRulesBuilder
{
    /// <summary>A gRPC client reads 503 as UNAVAILABLE.</summary>
    private const int ErrorStatus = 503;

    public static IReadOnlyList<CompiledRule> Build(
        IReadOnlyList<GRPCRouteRule>? specs, string path, ReferenceScope scope, ProblemList problems)
    {
        var rules = new List<CompiledRule>();
        foreach (var (spec, itemPath, index) in SpecChecks.Each(specs, path, problems))
        {
            var rule = new RuleSpec
            {
                Index = index,
                Name = spec.Name,
                Matches = GrpcMatchBuilder.Build(spec.Matches, $"{itemPath}.matches", problems),
                Filters = FiltersOf(spec.Filters),
                Backends = spec.BackendRefs?
                    .Select(backend => backend is null ? null : new BackendSpec(backend, FiltersOf(backend.Filters)))
                    .ToArray(),
                Timeouts = null,
                ErrorStatus = ErrorStatus,
            };
            rules.Add(RuleBuilder.Build(rule, itemPath, scope, problems));
        }

        return rules;
    }

    // A null element stays one, so that it is reported where it stands.
    private static HTTPRouteFilter?[]? FiltersOf(IReadOnlyList<GRPCRouteFilter>? filters) =>
        filters?.Select(filter => filter is null ? null : FilterOf(filter)).ToArray();

    private static HTTPRouteFilter FilterOf(GRPCRouteFilter filter) => new()
    {
        Type = filter.Type switch
        {
            null => null,
            GRPCRouteFilterType.RequestHeaderModifier => HTTPRouteFilterType.RequestHeaderModifier,
            GRPCRouteFilterType.ResponseHeaderModifier => HTTPRouteFilterType.ResponseHeaderModifier,
            GRPCRouteFilterType.RequestMirror => HTTPRouteFilterType.RequestMirror,
            // A value that no schema lets through; it is reported by its number.
            var unknown => (HTTPRouteFilterType)(1000 + (int)unknown),
        },
        RequestHeaderModifier = filter.RequestHeaderModifier,
        ResponseHeaderModifier = filter.ResponseHeaderModifier,
        RequestMirror = filter.RequestMirror,
    };
}
