// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Model.Settings;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Policies;
using Mesh.Operator.Building.Services;

namespace Mesh.Operator.Building.Routes;

/// <summary>Puts the rules of all routes on a port in order of precedence, with the settings in effect on each.</summary>
internal sealed class RouteTableBuilder(Lookups lookups, EffectiveSettings settings)
{
    private const int ErrorStatus = 500;

    public RouteTable Build(CatalogPort port)
    {
        if (!port.CarriesHttp)
        {
            return new RouteTable { Consumers = [], Producer = [Default(port.Name, RouteSettings.Default, Origins.None)] };
        }

        var consumers = new List<ConsumerRoutes>();
        EquatableArray<RouteRule>? producer = null;
        foreach (var (client, routes) in lookups.RoutesOn(port.Name))
        {
            var rules = Rules(port.Name, routes);
            if (client.Length == 0)
            {
                producer = rules;
            }
            else
            {
                consumers.Add(new ConsumerRoutes(client, rules));
            }
        }

        return new RouteTable { Consumers = consumers.ToEquatableArray(), Producer = producer ?? [Default(port.Name)] };
    }

    /// <summary>Whether a route is attached to the port.</summary>
    public bool HasRoutes(CatalogPort port) => lookups.RoutesOn(port.Name).Any();

    private EquatableArray<RouteRule> Rules(ServicePortName port, IReadOnlyList<CompiledRoute> routes) => routes
        .SelectMany(route => route.Rules.SelectMany(rule => rule.Matches.Select(match => (Route: route, Rule: rule, Match: match))))
        .OrderBy(entry => entry.Match.Rank)
        .ThenBy(entry => entry.Route.Source)
        .ThenBy(entry => entry.Rule.Index)
        .ThenBy(entry => entry.Match.Index)
        .Select(entry => Rule(port, entry.Route, entry.Rule, entry.Match))
        .ToEquatableArray();

    private RouteRule Rule(ServicePortName port, CompiledRoute route, CompiledRule rule, CompiledMatch match)
    {
        var (effective, origins) = settings.OfRule(port, route, rule);
        return new RouteRule
        {
            Name = $"{route.Source.Key.Kind}/{route.Source.NamespacedName}/{rule.Index}/{match.Index}",
            Match = match.Match,
            Action = rule.Action.Match<RouteAction>(forward => forward, redirect => redirect.At(port.Port)),
            RequestHeaders = rule.RequestHeaders,
            ResponseHeaders = rule.ResponseHeaders,
            Mirrors = rule.Mirrors,
            Settings = effective,
            Origins = origins,
        };
    }

    private RouteRule Default(ServicePortName port)
    {
        var (effective, origins) = settings.OfDefaultRule(port, ToItself(port));
        return Default(port, effective, origins);
    }

    private static RouteRule Default(ServicePortName port, RouteSettings settings, Origins origins) => new()
    {
        Name = $"Service/{port.Service}",
        Match = new RouteMatch
        {
            PathKind = PathMatchKind.PathPrefix,
            Path = "/",
            Method = null,
            Headers = [],
            QueryParameters = [],
            IsGrpc = false,
        },
        Action = ToItself(port),
        RequestHeaders = HeaderChanges.None,
        ResponseHeaders = HeaderChanges.None,
        Mirrors = [],
        Settings = settings,
        Origins = origins,
    };

    private static RouteAction.Forward ToItself(ServicePortName port) => new()
    {
        Backends =
        [
            new WeightedBackend
            {
                Target = port,
                Weight = 1,
                RequestHeaders = HeaderChanges.None,
                ResponseHeaders = HeaderChanges.None,
            },
        ],
        PathRewrite = null,
        HostRewrite = null,
        ErrorStatus = ErrorStatus,
    };
}
