// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Settings;
using Mesh.Xds.Naming;

namespace Mesh.Xds.Translation.Proxyless;

/// <summary>What gRPC clients without a proxy cannot do of what is in effect on a port, for its status.</summary>
public static class Shortfalls
{
    public static IEnumerable<Shortfall> Of(ServicePort port)
    {
        ArgumentNullException.ThrowIfNull(port);
        var cluster = ClusterName.Of(port.Name).Key;
        foreach (var what in OfCluster(port.Cluster))
        {
            yield return new Shortfall(cluster, port.ClusterOrigins, FailsClosed: false, what);
        }

        if (port.Protocol == PortProtocol.Tcp)
        {
            yield break;
        }

        var rules = port.Routes.Consumers.SelectMany(consumer => consumer.Rules).Concat(port.Routes.Producer);
        foreach (var rule in rules.Where(rule => CallMatches.IsPossible(rule.Match)))
        {
            foreach (var (failsClosed, what) in RuleShortfalls.Of(rule))
            {
                yield return new Shortfall(RouteConfigurationName.Of(port.Name).Key, rule.Origins, failsClosed, what);
            }
        }
    }

    private static IEnumerable<string> OfCluster(ClusterSettings settings)
    {
        var limits = settings.ConnectionLimits;
        return new (bool IsAsked, string What)[]
        {
            (settings.ConnectTimeout != ClusterSettings.Default.ConnectTimeout, "a connect time-out (it has its own of 20 s)"),
            (settings.LoadBalancing.Algorithm == LoadBalancingAlgorithm.Maglev, "Maglev (a ring hash is used)"),
            (settings.LoadBalancing.SlowStart is not null, "slow start"),
            (limits?.MaxConnections is not null || limits?.MaxConnectionsPerEndpoint is not null, "a limit of connections"),
            (limits?.MaxPendingRequests is not null, "a limit of pending requests"),
            (limits?.MaxRequestsPerConnection is not null, "a limit of requests per connection"),
            (settings.RetryBudget is not null, "a retry budget"),
            (settings.OutlierDetection is not null, "outlier detection by consecutive errors"),
        }.Where(pair => pair.IsAsked).Select(pair => pair.What);
    }
}
