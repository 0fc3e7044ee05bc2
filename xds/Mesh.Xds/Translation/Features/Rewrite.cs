// SPDX-License-Identifier: Apache-2.0
using Mesh.Model.Routing;
using RouteAction = Envoy.Config.Route.V3.RouteAction;

namespace Mesh.Xds.Translation.Features;

/// <summary>Changes of path and Host on the way to the backend.</summary>
internal static class Rewrite
{
    public static void Apply(RouteAction action, Model.Routing.RouteAction.Forward forward, RouteRule rule)
    {
        if ((forward.HostRewrite ?? Headers.HostOf(rule.RequestHeaders)) is { } host)
        {
            action.HostRewriteLiteral = host;
        }

        if (forward.PathRewrite is { } path)
        {
            var change = PathChange.Of(path, rule.Match);
            action.PrefixRewrite = change.Prefix;
            action.RegexRewrite = change.Expression;
        }
    }
}
