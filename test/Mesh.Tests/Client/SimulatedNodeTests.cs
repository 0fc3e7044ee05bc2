// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Client;
using Mesh.Xds.Snapshots;
using static Mesh.Testing.HandMadeSnapshots;

namespace Mesh.Tests.Client;

/// <summary>The node without an Envoy asks as an Envoy does, against a real server.</summary>
internal sealed class SimulatedNodeTests
{
    private static readonly EncodedResource[] Mesh =
    [
        Encode(ResourceType.Cluster, "c", Eds("c", "e"), new ResourceKey(ResourceType.Endpoint, "e")),
        Encode(ResourceType.Endpoint, "e", new ClusterLoadAssignment { ClusterName = "e" }),
        Encode(ResourceType.Extension, "identity", new TypedExtensionConfig { Name = "identity" }),
        Encode(ResourceType.Route, "r", RouteTo("r", "unknown")),
        Encode(ResourceType.ScopedRoute, "s", new ScopedRouteConfiguration { Name = "s", RouteConfigurationName = "r" }),
        Encode(ResourceType.Listener, "l", ScopedListener("l")),
    ];

    [Test]
    public async Task Node_follows_names_from_clusters_to_routes_in_the_order_of_envoy()
    {
        var mesh = new HandMadeSnapshots();
        await using var server = await XdsServer.StartAsync(mesh.Store);
        using var stop = new CancellationTokenSource();
        mesh.Publish(Mesh);
        var running = new SimulatedNode(Options(server), static _ => []).RunAsync(stop.Token);

        await server.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.Count == 6 && proxy.Pending.IsEmpty));
        var subscriptions = server.Requests.Where(static request => request.ResponseNonce.Length == 0)
            .Select(static request => $"{ResourceTypes.FromTypeUrl(request.TypeUrl)} {string.Join(' ', request.ResourceNamesSubscribe)}".Trim());
        Assert.That(subscriptions, Is.EqualTo(new[]
        {
            "Cluster", "Endpoint e", "Listener", "Extension identity", "ScopedRoute", "Route r", "Cluster unknown",
        }));

        await stop.CancelAsync();
        await running.WithTimeout();
    }

    [Test]
    public async Task Node_resource_that_breaks_a_rule_is_refused_by_name_and_the_others_are_held()
    {
        var mesh = new HandMadeSnapshots();
        await using var server = await XdsServer.StartAsync(mesh.Store);
        using var stop = new CancellationTokenSource();
        mesh.Publish([.. Mesh, Encode(ResourceType.Cluster, "bad", new Cluster { Name = "bad" })]);
        var node = new SimulatedNode(Options(server), static message => message is Cluster { Name: "bad" } ? ["connect_timeout: must be set"] : []);
        var running = node.RunAsync(stop.Token);

        await server.Ledger.WaitForAsync(static proxies => proxies.HasRejected(new ResourceKey(ResourceType.Cluster, "bad"))
            && proxies.Any(static proxy => proxy.Accepted.Count == 6));
        Assert.That(server.Ledger.Proxies.Single().Rejected.Single().Value.Message, Is.EqualTo("Error adding/updating resource(s) bad: connect_timeout: must be set"));
        Assert.That(node.Held.Keys, Does.Contain((TypeUrls.Cluster, "c")).And.No.Member((TypeUrls.Cluster, "bad")));

        await stop.CancelAsync();
        await running.WithTimeout();
    }

    private static XdsClientOptions Options(XdsServer server) => new()
    {
        Address = server.Address,
        Node = new Node { Id = "node/simulated" },
    };

    private static Cluster Eds(string name, string service) => new()
    {
        Name = name,
        Type = Cluster.Types.DiscoveryType.Eds,
        EdsClusterConfig = new Cluster.Types.EdsClusterConfig { ServiceName = service },
    };

    private static RouteConfiguration RouteTo(string name, string cluster)
    {
        var host = new VirtualHost { Name = "all", Domains = { "*" } };
        host.Routes.Add(new Route { Match = new RouteMatch { Prefix = "/" }, Route_ = new RouteAction { Cluster = cluster } });
        return new RouteConfiguration { Name = name, VirtualHosts = { host } };
    }

    private static Listener ScopedListener(string name)
    {
        IMessage http = new HttpConnectionManager { StatPrefix = name, ScopedRoutes = new ScopedRoutes { Name = "scopes", ScopedRds = new ScopedRds() } };
        var chain = new FilterChain();
        chain.Filters.Add(new Envoy.Config.Listener.V3.Filter { Name = "identity", ConfigDiscovery = new ExtensionConfigSource() });
        chain.Filters.Add(new Envoy.Config.Listener.V3.Filter { Name = "http", TypedConfig = ResourceEncoder.Pack(http) });
        return new Listener { Name = name, FilterChains = { chain } };
    }
}
