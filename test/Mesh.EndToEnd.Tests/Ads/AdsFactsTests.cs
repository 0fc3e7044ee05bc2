// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;
using static Mesh.EndToEnd.Tests.Ads.HandMade;

namespace Mesh.EndToEnd.Tests.Ads;

/// <summary>The facts of the delta variant.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class AdsFactsTests() : FactsFixture(AdsEnvoy.Delta)
{
    [Test]
    public void Fact_1_listeners_are_asked_for_when_the_clusters_are_warm()
    {
        // The assignment's own answer comes at one of two places, before or after the clusters' answer.
        var requests = Server.Requests.Select(Show).Where(static request => request != "Endpoint ack");

        Assert.That(requests, Is.EqualTo(new[] { "Cluster", "Endpoint +a", "Cluster ack", "Listener", "Route +r", "Listener ack", "Route ack" }));
    }

    [Test]
    public void Fact_2_node_is_in_every_request()
    {
        Assert.That(Server.Requests.Select(static request => request.Node?.Id), Is.All.EqualTo("node/n1"));
        Assert.That(Server.Ledger.Proxies.Single().ProxyVersion, Does.StartWith("1."));
    }

    [Test]
    public async Task Fact_3_on_a_reconnect_all_versions_are_told()
    {
        await RestartServerAsync();

        Assert.That(Server.Requests.Select(static request => request.InitialResourceVersions.Count).Take(4), Is.All.EqualTo(1));
    }

    [Test]
    public async Task Fact_9_cluster_whose_assignment_does_not_exist_is_active_at_once()
    {
        Mesh.Publish(GoodCluster("noeds"));

        await Envoy.AdminAsync(
            "/config_dump?resource=dynamic_active_clusters", static text => text.Contains("\"noeds\"", StringComparison.Ordinal));
    }

    // The note of the fact says that such a listener becomes active as well. It did not: it accepts "there is none" and goes on waiting.
    // So a snapshot names no route configuration that it does not hold.
    [Test]
    public async Task Fact_9_listener_whose_routes_do_not_exist_waits_for_them()
    {
        Mesh.Publish(Listener("l2", 0, "missing", "127.0.0.2"));
        await Server.Ledger.WaitForAsync(proxies => Accepts(proxies, ResourceType.Listener, "l2") && Server.Ledger.Counters.RemovalsSent == 1
            && proxies.All(static proxy => proxy.Pending.IsEmpty));
        Assert.That(await Envoy.AdminAsync("/listeners"), Does.Not.Contain("l2::"));

        Mesh.Publish(Routes("missing", "a"));

        await Envoy.AdminAsync("/listeners", static text => text.Contains("l2::", StringComparison.Ordinal));
    }

    [Test]
    public async Task Fact_10_route_to_an_unknown_cluster_is_accepted()
    {
        var routes = Routes("r", "nosuch");

        Mesh.Publish(routes);

        await Server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(routes.Key, routes.Version));
        Assert.That(Server.Ledger.Proxies.Single().Rejected, Is.Empty);
    }

    [Test]
    public async Task Fact_11_assignment_in_use_stays_until_it_is_emptied()
    {
        var key = new ResourceKey(ResourceType.Endpoint, "a");
        Mesh.Publish([key], GoodCluster("b"), Assignment("b", 9005));
        await Server.Ledger.WaitForAsync(
            static proxies => Accepts(proxies, ResourceType.Endpoint, "b") && proxies.All(static proxy => proxy.Pending.IsEmpty));
        Assert.That(Serves(await Envoy.AdminAsync("/clusters"), "a", 9000), Is.True);
        Assert.That(Server.Ledger.Counters.RemovalsSent, Is.Zero);

        Mesh.Publish(Assignment("a"));

        await Server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(key, Assignment("a").Version));
        await Envoy.AdminAsync("/clusters", static text => !Serves(text, "a", 9000));
    }

    [Test]
    public async Task Fact_12_removed_cluster_makes_the_proxy_unsubscribe_its_assignment()
    {
        Mesh.Publish([new ResourceKey(ResourceType.Cluster, "a"), new ResourceKey(ResourceType.Endpoint, "a")], Routes("r", "none"));

        await Server.Ledger.WaitForAsync(static proxies => proxies.All(
            static proxy => !proxy.Accepted.Keys.Any(static key => key.Name == "a") && proxy.Pending.IsEmpty));
        await Server.RequestedAsync(static request => Show(request) == "Endpoint -a");
        Assert.That(await Envoy.AdminAsync("/clusters"), Does.Not.Contain("\na::"));
    }

    private static string Show(DeltaDiscoveryRequest request)
    {
        var parts = new List<string> { ResourceTypes.FromTypeUrl(request.TypeUrl)?.ToString() ?? request.TypeUrl };
        parts.AddRange(request.ResourceNamesSubscribe.Select(static name => "+" + name));
        parts.AddRange(request.ResourceNamesUnsubscribe.Select(static name => "-" + name));
        if (request.ResponseNonce.Length > 0)
        {
            parts.Add(request.ErrorDetail is null ? "ack" : "nack");
        }

        return string.Join(' ', parts);
    }
}
