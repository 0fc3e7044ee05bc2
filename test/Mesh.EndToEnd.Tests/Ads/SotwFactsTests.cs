// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;
using static Mesh.EndToEnd.Tests.Ads.HandMade;

namespace Mesh.EndToEnd.Tests.Ads;

/// <summary>The same Envoy in the state-of-the-world variant: what it asks for, follows and refuses.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SotwFactsTests : IDisposable
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
        envoy = await AdsEnvoy.StartAsync(server.Address, AdsEnvoy.StateOfTheWorld);
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
    public async Task Small_mesh_is_live_and_the_ledger_holds_all_of_it()
    {
        Assert.That(server.Requests, Is.Empty, "no delta stream was opened");
        Assert.That(server.Ledger.Proxies.Single().Accepted.Keys.Select(static key => key.ToString()), Is.EquivalentTo(new[]
        {
            "Cluster a", "Endpoint a", "Listener l", "Route r",
        }));
        await envoy.AdminAsync("/listeners", static text => text.Contains("l::", StringComparison.Ordinal));
        Assert.That(Serves(await envoy.AdminAsync("/clusters"), "a", 9000), Is.True);
    }

    [Test]
    public async Task Change_of_endpoints_routes_and_listeners_is_followed()
    {
        var moved = Assignment("a", 9009);
        var routes = Routes("r", "b");
        mesh.Publish(moved, GoodCluster("b"), Assignment("b", 9001), routes, Listener("l2", 0, "r", "127.0.0.2"));

        await server.Ledger.WaitForAsync(
            proxies => proxies.HasAccepted(moved.Key, moved.Version) && proxies.HasAccepted(routes.Key, routes.Version) && Accepts(proxies, ResourceType.Listener, "l2"));
        await envoy.AdminAsync("/clusters", static text => Serves(text, "a", 9009) && !Serves(text, "a", 9000) && Serves(text, "b", 9001));
        await envoy.AdminAsync("/listeners", static text => text.Contains("l2::", StringComparison.Ordinal));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Facts_4_and_5_refused_cluster_beside_good_ones_the_good_ones_are_live(bool againstTheRules)
    {
        var bad = againstTheRules ? ClusterAgainstTheRules("bad") : ClusterWithoutKeyFile("bad");
        var changed = GoodCluster("a", 2);
        var before = server.Ledger.Counters;

        mesh.Publish(GoodCluster("good1"), Assignment("good1", 9001), bad, Assignment("bad", 9002), GoodCluster("good2"), Assignment("good2", 9003), changed);

        await server.Ledger.WaitForAsync(
            proxies => Accepts(proxies, ResourceType.Cluster, "good1") && Accepts(proxies, ResourceType.Cluster, "good2")
                && proxies.HasAccepted(changed.Key, changed.Version) && proxies.HasRejected(bad.Key));
        await envoy.AdminAsync("/clusters", static text => Serves(text, "good1", 9001) && Serves(text, "good2", 9003));
        var proxy = server.Ledger.Proxies.Single();
        Assert.That(proxy.Rejected.Keys, Is.EquivalentTo(new[] { bad.Key }));
        Assert.That(proxy.Rejected[bad.Key].Culprits, Is.EqualTo(bad.Origins));
        Assert.That(proxy.Rejected[bad.Key].Message, Does.Contain(againstTheRules ? "OutlierDetectionValidationError" : "Error adding/updating cluster(s) bad: "));

        // Nothing loops: another change brings one response, and the refused one stays away.
        await server.Ledger.WaitForAsync(static proxies => proxies.All(static state => state.Pending.IsEmpty));
        var settled = server.Ledger.Counters;
        Assert.That((settled - before).Nacks, Is.EqualTo(1));
        mesh.Publish(Assignment("a", 9009));
        await server.Ledger.WaitForAsync(static proxies => proxies.HasAccepted(new ResourceKey(ResourceType.Endpoint, "a"), Assignment("a", 9009).Version));
        Assert.That(server.Ledger.Counters - settled, Is.EqualTo(new AckCounters(ResponsesSent: 1, ResourcesSent: 1, RemovalsSent: 0, Nacks: 0)));

        mesh.Publish(GoodCluster("bad"));
        await server.Ledger.WaitForAsync(static proxies => proxies.All(static state => state.Rejected.IsEmpty));
        await envoy.AdminAsync("/clusters", static text => Serves(text, "bad", 9002));
    }

    [Test]
    public async Task Fact_5_refused_listener_beside_good_ones_the_good_ones_are_live()
    {
        // An address that no machine has.
        var bad = Listener("bad", 0, "r", "192.0.2.1");
        mesh.Publish(bad, Listener("l2", 0, "r", "127.0.0.2"), Listener("l3", 0, "r", "127.0.0.3"));

        await server.Ledger.WaitForAsync(
            proxies => Accepts(proxies, ResourceType.Listener, "l2") && Accepts(proxies, ResourceType.Listener, "l3") && proxies.HasRejected(bad.Key));
        await envoy.AdminAsync("/listeners", static text => text.Contains("l2::", StringComparison.Ordinal) && text.Contains("l3::", StringComparison.Ordinal));
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
    }

    [Test]
    public async Task Fact_11_emptied_assignment_empties_the_cluster()
    {
        var empty = Assignment("a");

        mesh.Publish(empty);

        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(empty.Key, empty.Version));
        await envoy.AdminAsync("/clusters", static text => !Serves(text, "a", 9000));
    }

    [Test]
    public async Task Fact_12_cluster_that_is_gone_is_missing_in_the_next_response_after_what_named_it()
    {
        var routes = Routes("r", "b");
        mesh.Publish(
            [new ResourceKey(ResourceType.Cluster, "a"), new ResourceKey(ResourceType.Endpoint, "a")], GoodCluster("b"), Assignment("b", 9001), routes);

        await server.Ledger.WaitForAsync(
            proxies => proxies.HasAccepted(routes.Key, routes.Version) && proxies.All(static proxy => !proxy.Accepted.Keys.Any(static key => key.Name == "a") && proxy.Pending.IsEmpty));
        await envoy.AdminAsync("/clusters", static text => !text.Contains("\na::", StringComparison.Ordinal) && Serves(text, "b", 9001));
    }

    [Test]
    public async Task Fact_3_reconnect_with_all_is_sent_nothing()
    {
        await server.DisposeAsync();

        server = await XdsServer.StartAsync(mesh.Store, port.EndPoint.Port);

        // It may try again half a minute later only. With the snapshot handled, all has been sent that is sent.
        await server.Ledger.WaitForAsync(
            static proxies => proxies.Any(static proxy => proxy.Accepted.Count == 4 && proxy.SentRevision.Value == 1), Timeouts.Default * 2);
        Assert.That(server.Ledger.Counters, Is.EqualTo(new AckCounters(ResponsesSent: 0, ResourcesSent: 0, RemovalsSent: 0, Nacks: 0)));
    }

    private static bool Accepts(ImmutableArray<ProxyState> proxies, ResourceType type, string name) =>
        proxies.Any(proxy => proxy.Accepted.ContainsKey(new ResourceKey(type, name)));

    private static bool Serves(string clusters, string name, int port) =>
        clusters.Split('\n').Any(line => line.StartsWith($"{name}::127.0.0.1:{port}::", StringComparison.Ordinal));
}
