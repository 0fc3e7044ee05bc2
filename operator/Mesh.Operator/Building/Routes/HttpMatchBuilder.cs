// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Model.Routing;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

internal static class HttpMatchBuilder
{
    private const int MaximumLength = 1024;

    /// <summary>A rule without matches matches every request.</summary>
    public static IReadOnlyList<CompiledMatch> Build(IReadOnlyList<HTTPRouteMatch>? specs, string path, ProblemList problems)
    {
        if (specs is not { Count: > 0 })
        {
            return Build([new HTTPRouteMatch()], path, problems);
        }

        var matches = new List<CompiledMatch>();
        foreach (var (spec, itemPath, index) in SpecChecks.Each(specs, path, problems))
        {
            // A match that cannot be expressed is left out; the rule's other matches stand.
            if (Build(spec, itemPath, problems) is { } match)
            {
                matches.Add(new CompiledMatch(index, match, RankOf(match)));
            }
        }

        return matches;
    }

    private static RouteMatch? Build(HTTPRouteMatch spec, string path, ProblemList problems)
    {
        var before = problems.Refusals;
        var (kind, value) = Path(spec.Path, $"{path}.path", problems);
        var method = SpecChecks.Known(spec.Method, $"{path}.method", problems);
        var headers = ValueMatchBuilder.Headers(spec.Headers, $"{path}.headers", problems);
        var parameters = ValueMatchBuilder.QueryParameters(spec.QueryParams, $"{path}.queryParams", problems);
        return problems.Refusals != before
            ? null
            : new RouteMatch
            {
                PathKind = kind,
                Path = value,
                Method = method?.ToString(),
                Headers = headers,
                QueryParameters = parameters,
                IsGrpc = false,
            };
    }

    private static (PathMatchKind Kind, string Value) Path(HTTPPathMatch? spec, string path, ProblemList problems)
    {
        var type = SpecChecks.Known(spec?.Type, $"{path}.type", problems) ?? PathMatchType.PathPrefix;
        var value = spec?.Value ?? "/";
        var valuePath = $"{path}.value";
        if (value.Length > MaximumLength)
        {
            problems.Invalid(valuePath, $"is longer than {MaximumLength} characters");
            return (PathMatchKind.PathPrefix, "/");
        }

        switch (type)
        {
            case PathMatchType.RegularExpression:
                RegexCheck.IsValid(value, valuePath, problems);
                return (PathMatchKind.RegularExpression, value);
            case PathMatchType.Exact:
                PathChecks.IsMatchable(value, valuePath, problems);
                return (PathMatchKind.Exact, value);
            case PathMatchType.PathPrefix:
            default:
                PathChecks.IsMatchable(value, valuePath, problems);
                // "/v2/" and "/v2" are one prefix: whole segments are compared.
                return (PathMatchKind.PathPrefix, PathChecks.WithoutTrailingSlash(value));
        }
    }

    private static MatchRank RankOf(RouteMatch match) => new()
    {
        PathClass = match.PathKind switch
        {
            PathMatchKind.Exact => MatchRank.ExactPath,
            PathMatchKind.RegularExpression => MatchRank.Expression,
            PathMatchKind.PathPrefix => MatchRank.Prefix,
        },
        // Two exact paths never match one request, so their lengths do not rank.
        PathLength = match.PathKind == PathMatchKind.Exact ? 0 : match.Path.Length,
        MethodLength = 0,
        HasMethod = match.Method is not null,
        Headers = match.Headers.Count,
        QueryParameters = match.QueryParameters.Count,
    };
}
