// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf.WellKnownTypes;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation.Features;
using Mirror = Mesh.Xds.Translation.Features.Mirror;
using RouteAction = Envoy.Config.Route.V3.RouteAction;
using RouteMatch = Envoy.Config.Route.V3.RouteMatch;

namespace Mesh.Xds.Translation;

/// <summary>One rule as one Envoy route.</summary>
internal static class Routes
{
    /// <param name="rule">The rule.</param>
    /// <param name="clientNamespace">The namespace whose clients alone it serves, or null for everybody.</param>
    public static Route Build(RouteRule rule, string? clientNamespace)
    {
        var route = new Route { Name = rule.Name, Match = Matches.Build(rule.Match) };
        rule = BackendHeaders.TakeOver(rule);
        RestrictTo(route, clientNamespace);
        Headers.Apply(route, rule.RequestHeaders, rule.ResponseHeaders);
        Fault.Apply(route, rule.Settings.Fault);
        return rule.Action.Match(forward => WithForward(route, rule, forward), redirect => WithRedirect(route, rule, redirect));
    }

    /// <summary>What a port declared TCP does with HTTP that arrives all the same.</summary>
    public static Route ToWholeService(ServicePortName port) => new()
    {
        Match = new RouteMatch { Prefix = "/" },
        Route_ = new RouteAction { Cluster = ClusterName.Of(port).Value, Timeout = new Duration(), IdleTimeout = new Duration() },
    };

    public static Route NothingElseFor(string clientNamespace)
    {
        var route = new Route
        {
            Name = $"no rule for clients of {clientNamespace}",
            Match = new RouteMatch { Prefix = "/" },
            DirectResponse = new DirectResponseAction { Status = 404 },
        };
        RestrictTo(route, clientNamespace);
        return route;
    }

    private static void RestrictTo(Route route, string? clientNamespace)
    {
        if (clientNamespace is not null)
        {
            route.Match.FilterState.Add(new FilterStateMatcher
            {
                Key = FilterStateKey.SourceNamespace,
                StringMatch = new StringMatcher { Exact = clientNamespace },
            });
        }
    }

    private static Route WithRedirect(Route route, RouteRule rule, Model.Routing.RouteAction.Redirect redirect)
    {
        route.Redirect = Redirect.Build(redirect, rule.Match);
        return route;
    }

    private static Route WithForward(Route route, RouteRule rule, Model.Routing.RouteAction.Forward forward)
    {
        if (forward.Backends.All(b => b.Target is null))
        {
            route.DirectResponse = new DirectResponseAction { Status = (uint)forward.ErrorStatus };
            return route;
        }

        var action = new RouteAction();
        Backends.Apply(action, forward);
        Rewrite.Apply(action, forward, rule);
        Timeouts.Apply(action, rule.Settings.Timeouts);
        action.RetryPolicy = rule.Settings.Retries is { } retries ? Retries.Build(retries) : null;
        action.HashPolicy.AddRange(rule.Settings.HashPolicies.Select(HashPolicy.Build));
        action.RequestMirrorPolicies.AddRange(rule.Mirrors.Select(Mirror.Build));
        route.Route_ = action;
        return route;
    }
}
