// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using Mesh.Model.Routing;
using RouteMatch = Envoy.Config.Route.V3.RouteMatch;

namespace Mesh.Xds.Translation;

/// <summary>What a request must look like.</summary>
internal static class Matches
{
    public static RouteMatch Build(Model.Routing.RouteMatch match)
    {
        var result = Path(match);
        if (match.Method is { } method)
        {
            result.Headers.Add(new HeaderMatcher { Name = ":method", StringMatch = new StringMatcher { Exact = method } });
        }

        result.Headers.AddRange(match.Headers.Select(h => new HeaderMatcher { Name = h.Name, StringMatch = Value(h) }));
        result.QueryParameters.AddRange(
            match.QueryParameters.Select(q => new QueryParameterMatcher { Name = q.Name, StringMatch = Value(q) }));
        result.Grpc = match.IsGrpc ? new RouteMatch.Types.GrpcRouteMatchOptions() : null;
        return result;
    }

    /// <summary>The prefix as Gateway API means it: a trailing slash says nothing; the root is empty.</summary>
    public static string Prefix(string path) => path.TrimEnd('/');

    private static RouteMatch Path(Model.Routing.RouteMatch match) => match.PathKind switch
    {
        PathMatchKind.Exact => new RouteMatch { Path = match.Path },
        PathMatchKind.RegularExpression => new RouteMatch { SafeRegex = new RegexMatcher { Regex = match.Path } },
        PathMatchKind.PathPrefix when Prefix(match.Path) is { Length: > 0 } prefix => new RouteMatch { PathSeparatedPrefix = prefix },
        PathMatchKind.PathPrefix => new RouteMatch { Prefix = "/" },
    };

    public static StringMatcher Value(ValueMatch match) => match.Kind switch
    {
        ValueMatchKind.Exact => new StringMatcher { Exact = match.Value },
        ValueMatchKind.RegularExpression => new StringMatcher { SafeRegex = new RegexMatcher { Regex = match.Value } },
    };
}
