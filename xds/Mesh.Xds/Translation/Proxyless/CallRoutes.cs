// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Route.V3;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation.Features;
using ClusterWeight = Envoy.Config.Route.V3.WeightedCluster.Types.ClusterWeight;
using RouteAction = Envoy.Config.Route.V3.RouteAction;

namespace Mesh.Xds.Translation.Proxyless;

/// <summary>
/// The route table of a service port for gRPC clients of one namespace. What must fail goes to a cluster without endpoints: the call ends
/// with UNAVAILABLE at once. gRPC has words for "no action" too, but grpc-js refuses some of them and breaks down at the others, and
/// for a cluster that does not exist clients wait 15 s.
/// </summary>
internal static class CallRoutes
{
    /// <param name="port">The port.</param>
    /// <param name="clientNamespace">Its consumer routes apply; empty for a client that does not say where it runs.</param>
    public static XdsResource Build(ServicePort port, string clientNamespace)
    {
        var name = RouteConfigurationName.Of(port.Name);
        var host = new VirtualHost { Name = port.Name.ToString() };

        // The listener's name has decided already; an application may call the service by another authority.
        host.Domains.Add("*");
        host.Routes.AddRange(port.Protocol == PortProtocol.Tcp ? [ToWholeService(port.Name)] : RulesOf(port.Routes, clientNamespace).Select(Build));
        var configuration = new RouteConfiguration { Name = name.Value };
        configuration.VirtualHosts.Add(host);
        return new XdsResource
        {
            Key = name.Key,
            Message = configuration,
            Origins = RouteConfigurations.OriginsOf(port),
            OnDemand = true,
            References = [],
        };
    }

    private static IEnumerable<RouteRule> RulesOf(RouteTable table, string clientNamespace) =>
        (table.Consumers.FirstOrDefault(consumer => consumer.ClientNamespace == clientNamespace)?.Rules ?? table.Producer)
        .Where(rule => CallMatches.IsPossible(rule.Match));

    private static Route ToWholeService(ServicePortName port) => new()
    {
        Match = new Envoy.Config.Route.V3.RouteMatch { Prefix = "/" },
        Route_ = new RouteAction { Cluster = ClusterName.Of(port).Value },
    };

    private static Route Build(RouteRule rule)
    {
        var route = new Route { Name = rule.Name, Match = CallMatches.Build(rule.Match) };
        route.Route_ = RuleShortfalls.Of(rule).Any(shortfall => shortfall.FailsClosed)
            ? new RouteAction { Cluster = ClusterName.NoBackend.Value }
            : rule.Action.Match(forward => WithForward(route, rule, forward), _ => new RouteAction { Cluster = ClusterName.NoBackend.Value });
        return route;
    }

    private static RouteAction WithForward(Route route, RouteRule rule, Model.Routing.RouteAction.Forward forward)
    {
        Fault.Apply(route, rule.Settings.Fault);
        var action = new RouteAction
        {
            RetryPolicy = CallSettings.Retries(rule.Settings.Retries),
            MaxStreamDuration = CallSettings.Deadline(rule.Settings.Timeouts),
        };
        action.HashPolicy.AddRange(CallSettings.Hashes(rule.Settings.HashPolicies));
        ShareOut(action, forward);
        return action;
    }

    /// <summary>One entry per cluster, since clients keep them by name.</summary>
    private static void ShareOut(RouteAction action, Model.Routing.RouteAction.Forward forward)
    {
        var shares = forward.Backends
            .GroupBy(backend => backend.Target is { } target ? ClusterName.Of(target) : ClusterName.NoBackend)
            .Select(group => new ClusterWeight { Name = group.Key.Value, Weight = (uint)group.Sum(backend => backend.Weight) })
            .ToList();
        if (shares.Count <= 1)
        {
            action.Cluster = shares.Count == 1 ? shares[0].Name : ClusterName.NoBackend.Value;
            return;
        }

        action.WeightedClusters = new WeightedCluster();
        action.WeightedClusters.Clusters.AddRange(shares);
    }
}
