// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf.WellKnownTypes;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.EndToEnd.Tests.Ads;

/// <summary>Small resources, good and bad, as the watched Envoy was fed when the facts were found.</summary>
internal static class HandMade
{
    // Without a time-out: an Envoy that waits for something waits for ever, so that no slow machine makes a wait look like none, nor the
    // other way round.
    private static readonly ConfigSource Ads = new()
    {
        Ads = new AggregatedConfigSource(),
        ResourceApiVersion = ApiVersion.V3,
        InitialFetchTimeout = new Duration(),
    };

    public static EncodedResource GoodCluster(string name, int timeoutSeconds = 1) => Encode(EdsCluster(name, timeoutSeconds));

    /// <summary>Passes the rules and fails when Envoy creates it.</summary>
    public static EncodedResource ClusterWithoutKeyFile(string name)
    {
        var cluster = EdsCluster(name, 1);
        cluster.TransportSocket = new TransportSocket
        {
            Name = "envoy.transport_sockets.tls",
            TypedConfig = ResourceEncoder.Pack(new UpstreamTlsContext
            {
                CommonTlsContext = new CommonTlsContext
                {
                    TlsCertificates = { new TlsCertificate { CertificateChain = new DataSource { Filename = "/nonexistent" } } },
                },
            }),
        };
        return Encode(cluster);
    }

    /// <summary>Breaks a proto rule: the outlier interval must be greater than zero.</summary>
    public static EncodedResource ClusterAgainstTheRules(string name)
    {
        var cluster = EdsCluster(name, 1);
        cluster.OutlierDetection = new OutlierDetection { Interval = new Duration() };
        return Encode(cluster);
    }

    public static EncodedResource Assignment(string name, params int[] ports) => AssignmentAt(name, "127.0.0.1", ports);

    public static EncodedResource AssignmentAt(string name, string address, params int[] ports)
    {
        var assignment = new ClusterLoadAssignment { ClusterName = name };
        var locality = new LocalityLbEndpoints();
        locality.LbEndpoints.Add(ports.Select(port => new LbEndpoint { Endpoint = new() { Address = At(address, port) } }));
        if (ports.Length > 0)
        {
            assignment.Endpoints.Add(locality);
        }

        return HandMadeSnapshots.Encode(ResourceType.Endpoint, name, assignment);
    }

    public static EncodedResource Listener(string name, int port, string routes, string address = "127.0.0.1")
    {
        var http = new HttpConnectionManager
        {
            StatPrefix = name,
            Rds = new Rds { RouteConfigName = routes, ConfigSource = Ads },
            HttpFilters = { new HttpFilter { Name = "envoy.filters.http.router", TypedConfig = ResourceEncoder.Pack(new Router()) } },
        };
        return HandMadeSnapshots.Encode(ResourceType.Listener, name, new Listener
        {
            Name = name,
            Address = At(address, port),
            FilterChains = { new FilterChain { Filters = { new Envoy.Config.Listener.V3.Filter { Name = "http", TypedConfig = ResourceEncoder.Pack(http) } } } },
        });
    }

    public static EncodedResource Routes(string name, string cluster, string? regex = null)
    {
        var match = regex is null
            ? new RouteMatch { Prefix = "/" }
            : new RouteMatch { SafeRegex = new Envoy.Type.Matcher.V3.RegexMatcher { Regex = regex } };
        return HandMadeSnapshots.Encode(ResourceType.Route, name, new RouteConfiguration
        {
            Name = name,
            VirtualHosts =
            {
                new VirtualHost
                {
                    Name = "all",
                    Domains = { "*" },
                    Routes = { new Route { Match = match, Route_ = new RouteAction { Cluster = cluster } } },
                },
            },
        });
    }

    private static Cluster EdsCluster(string name, int timeoutSeconds) => new()
    {
        Name = name,
        Type = Cluster.Types.DiscoveryType.Eds,
        ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(timeoutSeconds)),
        EdsClusterConfig = new Cluster.Types.EdsClusterConfig { EdsConfig = Ads },
    };

    private static EncodedResource Encode(Cluster cluster) =>
        HandMadeSnapshots.Encode(ResourceType.Cluster, cluster.Name, cluster, new ResourceKey(ResourceType.Endpoint, cluster.Name));

    private static Address At(string address, int port) => new() { SocketAddress = new SocketAddress { Address = address, PortValue = (uint)port } };
}
