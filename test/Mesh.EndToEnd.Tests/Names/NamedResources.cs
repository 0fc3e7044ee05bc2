// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.OnDemand.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation;

namespace Mesh.EndToEnd.Tests.Names;

/// <summary>Small resources with names of the form xdstp://, and virtual hosts on demand.</summary>
internal static class NamedResources
{
    public static EncodedResource StaticCluster(string name, int timeoutSeconds = 1) => Encode(ResourceType.Cluster, name, new Cluster
    {
        Name = name,
        Type = Cluster.Types.DiscoveryType.Static,
        ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(timeoutSeconds)),
        LoadAssignment = new ClusterLoadAssignment { ClusterName = name },
    });

    /// <summary>A listener that answers by itself.</summary>
    public static EncodedResource AnsweringListener(string name, string answer)
    {
        var manager = Manager();
        manager.RouteConfig = new RouteConfiguration { Name = "inline", VirtualHosts = { Answering("all", "*", answer) } };
        return ListenerOf(name, manager);
    }

    /// <summary>A listener that fetches the virtual hosts of its routes when they are first used.</summary>
    public static EncodedResource OnDemandListener(string name, string routes)
    {
        var manager = Manager();
        manager.HttpFilters.Insert(0, new HttpFilter { Name = "on-demand", TypedConfig = ResourceEncoder.Pack(new OnDemand()) });
        manager.Rds = new Rds { RouteConfigName = routes, ConfigSource = OverAds() };
        return ListenerOf(name, manager);
    }

    /// <param name="name">The name.</param>
    /// <param name="hosts">Where virtual hosts come from.</param>
    public static EncodedResource RoutesWithoutHosts(string name, ConfigSource hosts)
    {
        // An empty answer does not count: an Envoy without any host of the table waits so long (15 s unless told) before it listens.
        hosts.InitialFetchTimeout = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(100));
        return Encode(ResourceType.Route, name, new RouteConfiguration { Name = name, Vhds = new Vhds { ConfigSource = hosts } });
    }

    public static EncodedResource HostOf(string name, string answer, params string[] domains)
    {
        var host = Answering(name, domains[0], answer);
        host.Domains.Add(domains[1..]);
        var routes = name[..name.LastIndexOf('/')];
        return Encode(ResourceType.VirtualHost, name, host, [.. domains.Select(domain => $"{routes}/{domain}")]);
    }

    public static ConfigSource OverAds() => new() { Ads = new AggregatedConfigSource(), ResourceApiVersion = ApiVersion.V3 };

    /// <summary>The service of one type.</summary>
    public static ConfigSource OwnService() => new()
    {
        ResourceApiVersion = ApiVersion.V3,
        ApiConfigSource = new ApiConfigSource
        {
            ApiType = ApiConfigSource.Types.ApiType.DeltaGrpc,
            TransportApiVersion = ApiVersion.V3,
            GrpcServices = { new GrpcService { EnvoyGrpc = new GrpcService.Types.EnvoyGrpc { ClusterName = "xds" } } },
        },
    };

    private static VirtualHost Answering(string name, string domain, string answer) => new()
    {
        Name = name,
        Domains = { domain },
        Routes =
        {
            new Route
            {
                Match = new RouteMatch { Prefix = "/" },
                DirectResponse = new DirectResponseAction { Status = 200, Body = new DataSource { InlineString = answer } },
            },
        },
    };

    private static HttpConnectionManager Manager() => new()
    {
        StatPrefix = "http",
        HttpFilters = { new HttpFilter { Name = "router", TypedConfig = ResourceEncoder.Pack(new Router()) } },
    };

    private static EncodedResource ListenerOf(string name, HttpConnectionManager manager) => Encode(ResourceType.Listener, name, new Listener
    {
        Name = name,
        Address = new Address { SocketAddress = new SocketAddress { Address = "127.0.0.1", PortValue = 0 } },
        FilterChains =
        {
            new FilterChain { Filters = { new Envoy.Config.Listener.V3.Filter { Name = "http", TypedConfig = ResourceEncoder.Pack(manager) } } },
        },
    });

    private static EncodedResource Encode(ResourceType type, string name, IMessage message, params string[] aliases) => ResourceEncoder.Encode(new XdsResource
    {
        Key = new ResourceKey(type, name),
        Message = message,
        Origins = Origins.Of(new ResourceRef("Raw", "test", name, 1)),
        OnDemand = type == ResourceType.VirtualHost,
        Aliases = [.. aliases],
        References = [],
    });
}
