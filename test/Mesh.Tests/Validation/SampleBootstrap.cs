// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Bootstrap.V3;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using Filter = Envoy.Config.Listener.V3.Filter;

namespace Mesh.Tests.Validation;

/// <summary>A small static configuration that Envoy accepts, taken apart so that a test can spoil one place.</summary>
internal sealed class SampleBootstrap
{
    public Cluster Cluster { get; } = new()
    {
        Name = "upstream",
        ConnectTimeout = new Duration { Seconds = 1 },
        Type = Cluster.Types.DiscoveryType.Static,
    };

    public Route Route { get; } = new()
    {
        Match = new RouteMatch { Prefix = "/" },
        Route_ = new RouteAction { Cluster = "upstream" },
    };

    public VirtualHost VirtualHost { get; } = new() { Name = "all", Domains = { "*" } };

    public HttpConnectionManager Manager { get; } = new()
    {
        StatPrefix = "ingress",
        HttpFilters = { new HttpFilter { Name = "envoy.filters.http.router", TypedConfig = Any.Pack(new Router()) } },
    };

    public SocketAddress Socket { get; } = new() { Address = "127.0.0.1", PortValue = 0 };

    public Bootstrap Build()
    {
        VirtualHost.Routes.Add(Route);
        Manager.RouteConfig = new RouteConfiguration { Name = "local", VirtualHosts = { VirtualHost } };
        var filter = new Filter { Name = "envoy.filters.network.http_connection_manager", TypedConfig = Any.Pack(Manager) };
        return new Bootstrap
        {
            StaticResources = new Bootstrap.Types.StaticResources
            {
                Clusters = { Cluster },
                Listeners =
                {
                    new Listener
                    {
                        Name = "in",
                        Address = new Address { SocketAddress = Socket },
                        FilterChains = { new FilterChain { Filters = { filter } } },
                    },
                },
            },
        };
    }
}
