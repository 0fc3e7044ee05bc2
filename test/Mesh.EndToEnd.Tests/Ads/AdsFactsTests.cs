// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;
using static Mesh.EndToEnd.Tests.Ads.HandMade;

namespace Mesh.EndToEnd.Tests.Ads;

/// <summary>What our server relies on in the Envoy that we pin, each seen on a real one.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class AdsFactsTests : IDisposable
{
    private readonly HandMadeSnapshots mesh = new();
    private readonly ReservedPort port = new();
    private XdsServer server = null!; // Set by SetUp.
    private AdsEnvoy envoy = null!; // Set by SetUp.

    [SetUp]
    public async Task SetUp()
    {
        PinnedEnvoy.RequireBinary();
        server = await XdsServer.StartAsync(mesh.Store, port.EndPoint.Port);
        mesh.Publish(GoodCluster("a"), Assignment("a", 9000), Listener("l", 0, "r"), Routes("r", "a"));
        envoy = await AdsEnvoy.StartAsync(server.Address);
        await server.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.Count == 4 && proxy.Pending.IsEmpty));
    }

    [TearDown]
    public async Task TearDown()
    {
        await (envoy?.DisposeAsync() ?? default);
        await (server?.DisposeAsync() ?? default);
    }

    public void Dispose() => port.Dispose();

    [Test]
    public void Fact_1_listeners_are_asked_for_when_the_clusters_are_warm()
    {
        // The assignment's own answer comes at one of two places, before or after the clusters' answer.
        var requests = server.Requests.Select(Show).Where(static request => request != "Endpoint ack");

        Assert.That(requests, Is.EqualTo(new[] { "Cluster", "Endpoint +a", "Cluster ack", "Listener", "Route +r", "Listener ack", "Route ack" }));
    }

    [Test]
    public void Fact_2_node_is_in_every_request()
    {
        Assert.That(server.Requests.Select(static request => request.Node?.Id), Is.All.EqualTo("node/n1"));
        Assert.That(server.Ledger.Proxies.Single().ProxyVersion, Does.StartWith("1."));
    }

    [Test]
    public async Task Fact_3_after_a_reconnect_nothing_is_sent_again()
    {
        await server.DisposeAsync();

        server = await XdsServer.StartAsync(mesh.Store, port.EndPoint.Port);

        // It may try again half a minute later only. With the snapshot handled, all has been sent that is sent.
        await server.Ledger.WaitForAsync(
            static proxies => proxies.Any(static proxy => proxy.Accepted.Count == 4 && proxy.SentRevision.Value == 1), Timeouts.Default * 2);
        Assert.That(server.Ledger.Counters, Is.EqualTo(new AckCounters(ResponsesSent: 0, ResourcesSent: 0, RemovalsSent: 0, Nacks: 0)));
        Assert.That(server.Requests.Select(static request => request.InitialResourceVersions.Count).Take(4), Is.All.EqualTo(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Facts_4_and_5_refused_cluster_beside_good_ones_the_good_ones_are_live(bool againstTheRules)
    {
        var bad = againstTheRules ? ClusterAgainstTheRules("bad") : ClusterWithoutKeyFile("bad");
        var before = server.Ledger.Counters;

        mesh.Publish(
            GoodCluster("good1"), Assignment("good1", 9001), bad, Assignment("bad", 9002), GoodCluster("good2"), Assignment("good2", 9003), GoodCluster("a", 2));

        await server.Ledger.WaitForAsync(
            proxies => Accepts(proxies, ResourceType.Cluster, "good1") && Accepts(proxies, ResourceType.Cluster, "good2") && proxies.HasRejected(bad.Key));
        await envoy.AdminAsync("/clusters", static text => Serves(text, "good1", 9001) && Serves(text, "good2", 9003));
        var proxy = server.Ledger.Proxies.Single();
        Assert.That(proxy.Rejected.Keys, Is.EquivalentTo(new[] { bad.Key }));
        Assert.That(proxy.Rejected[bad.Key].Culprits, Is.EqualTo(bad.Origins));
        Assert.That(proxy.Rejected[bad.Key].Message, Does.Contain(againstTheRules ? "OutlierDetectionValidationError" : "Error adding/updating cluster(s) bad: "));

        // Nothing loops: another change brings one response, and the refused one stays away.
        await server.Ledger.WaitForAsync(static proxies => proxies.All(static state => state.Pending.IsEmpty));
        var settled = server.Ledger.Counters;
        mesh.Publish(Assignment("a", 9009));
        await server.Ledger.WaitForAsync(static proxies => proxies.HasAccepted(new ResourceKey(ResourceType.Endpoint, "a"), Assignment("a", 9009).Version));
        Assert.That((settled - before).Nacks, Is.EqualTo(1));
        Assert.That(server.Ledger.Counters - settled, Is.EqualTo(new AckCounters(ResponsesSent: 1, ResourcesSent: 1, RemovalsSent: 0, Nacks: 0)));

        mesh.Publish(GoodCluster("bad"));
        await server.Ledger.WaitForAsync(static proxies => proxies.All(static proxy => proxy.Rejected.IsEmpty));
        await envoy.AdminAsync("/clusters", static text => Serves(text, "bad", 9002));
    }

    [Test]
    public async Task Fact_5_refusal_of_a_route_names_none_and_the_old_one_stays()
    {
        mesh.Publish(Routes("r", "a", regex: "(("));

        await server.Ledger.WaitForAsync(static proxies => proxies.HasRejected(new ResourceKey(ResourceType.Route, "r")));
        Assert.That(server.Ledger.Proxies.Single().Rejected.Single().Value.Message, Does.Contain("missing ): (("));
        Assert.That(await envoy.AdminAsync("/config_dump"), Does.Not.Contain("\"((\""));
    }

    [Test]
    public async Task Fact_7_wrong_assignment_is_refused_and_the_old_endpoints_stay()
    {
        mesh.Publish(AssignmentAt("a", "not-an-ip", 9001));

        await server.Ledger.WaitForAsync(static proxies => proxies.HasRejected(new ResourceKey(ResourceType.Endpoint, "a")));
        Assert.That(Serves(await envoy.AdminAsync("/clusters"), "a", 9000), Is.True);
    }

    [Test]
    public async Task Facts_6_and_8_changed_cluster_with_its_unchanged_assignment_is_not_held_up()
    {
        var changed = GoodCluster("a", 7);

        mesh.Publish(changed);

        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(changed.Key, changed.Version));
        await envoy.AdminAsync("/config_dump?resource=dynamic_active_clusters", static text => text.Contains("\"7s\"", StringComparison.Ordinal));
        await server.Ledger.WaitForAsync(static proxies => proxies.All(static proxy => proxy.Pending.IsEmpty));
    }

    [Test]
    public async Task Fact_9_cluster_whose_assignment_does_not_exist_is_active_at_once()
    {
        mesh.Publish(GoodCluster("noeds"));

        await envoy.AdminAsync(
            "/config_dump?resource=dynamic_active_clusters", static text => text.Contains("\"noeds\"", StringComparison.Ordinal));
    }

    // The note of the fact says that such a listener becomes active as well. It did not: it accepts "there is none" and goes on waiting.
    // So a snapshot names no route configuration that it does not hold.
    [Test]
    public async Task Fact_9_listener_whose_routes_do_not_exist_waits_for_them()
    {
        mesh.Publish(Listener("l2", 0, "missing", "127.0.0.2"));
        await server.Ledger.WaitForAsync(proxies => Accepts(proxies, ResourceType.Listener, "l2") && server.Ledger.Counters.RemovalsSent == 1
            && proxies.All(static proxy => proxy.Pending.IsEmpty));
        Assert.That(await envoy.AdminAsync("/listeners"), Does.Not.Contain("l2::"));

        mesh.Publish(Routes("missing", "a"));

        await envoy.AdminAsync("/listeners", static text => text.Contains("l2::", StringComparison.Ordinal));
    }

    [Test]
    public async Task Fact_10_route_to_an_unknown_cluster_is_accepted()
    {
        var routes = Routes("r", "nosuch");

        mesh.Publish(routes);

        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(routes.Key, routes.Version));
        Assert.That(server.Ledger.Proxies.Single().Rejected, Is.Empty);
    }

    [Test]
    public async Task Fact_11_assignment_in_use_stays_until_it_is_emptied()
    {
        var key = new ResourceKey(ResourceType.Endpoint, "a");
        mesh.Publish([key], GoodCluster("b"), Assignment("b", 9005));
        await server.Ledger.WaitForAsync(
            static proxies => Accepts(proxies, ResourceType.Endpoint, "b") && proxies.All(static proxy => proxy.Pending.IsEmpty));
        Assert.That(Serves(await envoy.AdminAsync("/clusters"), "a", 9000), Is.True);
        Assert.That(server.Ledger.Counters.RemovalsSent, Is.Zero);

        mesh.Publish(Assignment("a"));

        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(key, Assignment("a").Version));
        await envoy.AdminAsync("/clusters", static text => !Serves(text, "a", 9000));
    }

    [Test]
    public async Task Fact_12_removed_cluster_makes_the_proxy_unsubscribe_its_assignment()
    {
        mesh.Publish([new ResourceKey(ResourceType.Cluster, "a"), new ResourceKey(ResourceType.Endpoint, "a")], Routes("r", "none"));

        await server.Ledger.WaitForAsync(static proxies => proxies.All(
            static proxy => !proxy.Accepted.Keys.Any(static key => key.Name == "a") && proxy.Pending.IsEmpty));
        await server.RequestedAsync(static request => Show(request) == "Endpoint -a");
        Assert.That(await envoy.AdminAsync("/clusters"), Does.Not.Contain("\na::"));
    }

    private static bool Accepts(ImmutableArray<ProxyState> proxies, ResourceType type, string name) =>
        proxies.Any(proxy => proxy.Accepted.ContainsKey(new ResourceKey(type, name)));

    private static bool Serves(string clusters, string name, int port) =>
        clusters.Split('\n').Any(line => line.StartsWith($"{name}::127.0.0.1:{port}::", StringComparison.Ordinal));

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
