// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using Mesh.Model.Routing;
using RouteMatch = Envoy.Config.Route.V3.RouteMatch;

namespace Mesh.Xds.Translation.Proxyless;

/// <summary>
/// Which gRPC calls a rule is for (gRFC A28). A call is a POST to <c>/service/method</c> without query, so much of an HTTP match is
/// decided here once and for all.
/// </summary>
internal static class CallMatches
{
    // What the transport adds is not there yet when the route is chosen. Of content-type gRPC knows the value.
    private static readonly HashSet<string> OfTransport = new(StringComparer.OrdinalIgnoreCase) { "host", "te", "user-agent" };

    /// <summary>False for a rule that no gRPC call can meet.</summary>
    public static bool IsPossible(Model.Routing.RouteMatch match) => match.Method is null or "POST" && match.QueryParameters.IsEmpty;

    /// <summary>Headers of the rule that a gRPC client cannot look at.</summary>
    public static IEnumerable<string> UnseenHeaders(Model.Routing.RouteMatch match) =>
        match.Headers.Select(header => header.Name).Where(IsUnseen);

    public static bool IsUnseen(string name) =>
        OfTransport.Contains(name)
        || name.StartsWith(':')
        || name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase);

    public static RouteMatch Build(Model.Routing.RouteMatch match)
    {
        var result = Path(match);
        result.Headers.AddRange(match.Headers
            .Where(header => !IsUnseen(header.Name))
            .Select(header => new HeaderMatcher { Name = header.Name, StringMatch = Matches.Value(header) }));
        return result;
    }

    private static RouteMatch Path(Model.Routing.RouteMatch match) => match.PathKind switch
    {
        PathMatchKind.Exact => new RouteMatch { Path = match.Path },
        PathMatchKind.RegularExpression => new RouteMatch { SafeRegex = new RegexMatcher { Regex = match.Path } },

        // gRPC compares characters, not segments. No call's path ends where the prefix ends: a service's name is followed by its method's.
        PathMatchKind.PathPrefix => new RouteMatch { Prefix = Matches.Prefix(match.Path) + "/" },
    };
}
