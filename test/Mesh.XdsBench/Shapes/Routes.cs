// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf.WellKnownTypes;
using RetryPolicy = Envoy.Config.Route.V3.RetryPolicy;
using Route = Envoy.Config.Route.V3.Route;

namespace Mesh.XdsBench.Shapes;

/// <summary>Two routes with retries, each to a stable and a canary share of the service's cluster; the share counts the generations.</summary>
internal static class Routes
{
    public static RouteConfiguration Build(BenchService service) => new()
    {
        Name = service.RouteName,
        VirtualHosts =
        {
            new VirtualHost
            {
                Name = $"{service.Host}:8080",
                Domains = { service.Host, $"{service.Host}:8080", service.Name, $"{service.Name}.{service.Namespace}", service.Address },
                Routes =
                {
                    new Route { Name = "admin", Match = Admin(), Route_ = Action(service, 3) },
                    new Route { Name = "default", Match = new RouteMatch { Prefix = "/" }, Route_ = Action(service, 15) },
                },
                IncludeRequestAttemptCount = true,
            },
        },
        ValidateClusters = false,
    };

    private static RouteMatch Admin() => new() { Prefix = "/admin", Headers = { new HeaderMatcher { Name = "x-internal", PresentMatch = true } } };

    private static RouteAction Action(BenchService service, long timeoutSeconds)
    {
        var canary = 1 + (uint)(service.RouteGeneration % 98);
        return new RouteAction
        {
            WeightedClusters = new WeightedCluster
            {
                Clusters =
                {
                    new WeightedCluster.Types.ClusterWeight { Name = service.ClusterName, Weight = 100 - canary },
                    new WeightedCluster.Types.ClusterWeight
                    {
                        Name = service.ClusterName,
                        Weight = canary,
                        RequestHeadersToAdd = { new HeaderValueOption { Header = new HeaderValue { Key = "x-canary", Value = "1" } } },
                    },
                },
            },
            Timeout = Sources.Seconds(timeoutSeconds),
            RetryPolicy = Retries(),
            HashPolicy = { new RouteAction.Types.HashPolicy { Header = new RouteAction.Types.HashPolicy.Types.Header { HeaderName = "x-user-id" } } },
        };
    }

    private static RetryPolicy Retries() => new()
    {
        RetryOn = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
        NumRetries = 2,
        PerTryTimeout = Sources.Seconds(2),
        HostSelectionRetryMaxAttempts = 5,
        RetriableStatusCodes = { 503 },
        RetryBackOff = new RetryPolicy.Types.RetryBackOff
        {
            BaseInterval = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(25)),
            MaxInterval = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(250)),
        },
    };
}
