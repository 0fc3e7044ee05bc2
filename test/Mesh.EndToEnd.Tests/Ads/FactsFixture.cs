// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;
using static Mesh.EndToEnd.Tests.Ads.HandMade;

namespace Mesh.EndToEnd.Tests.Ads;

/// <summary>What our server relies on in the Envoy that we pin, in either variant of the protocol; each fact seen on a real one.</summary>
/// <param name="api">The variant: <see cref="AdsEnvoy.Delta"/> or <see cref="AdsEnvoy.StateOfTheWorld"/>.</param>
internal abstract class FactsFixture(string api) : IDisposable
{
    private readonly ReservedPort port = new();

    protected HandMadeSnapshots Mesh { get; } = new();

    protected XdsServer Server { get; private set; } = null!; // Set by SetUp.

    protected AdsEnvoy Envoy { get; private set; } = null!; // Set by SetUp.

    [SetUp]
    public async Task SetUp()
    {
        PinnedEnvoy.RequireBinary();
        Server = await XdsServer.StartAsync(Mesh.Store, port.EndPoint.Port);
        Mesh.Publish(GoodCluster("a"), Assignment("a", 9000), Listener("l", 0, "r"), Routes("r", "a"));
        Envoy = await AdsEnvoy.StartAsync(Server.Address, api);
        await Server.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.Count == 4 && proxy.Pending.IsEmpty));
    }

    [TearDown]
    public async Task TearDown()
    {
        await (Envoy?.DisposeAsync() ?? default);
        await (Server?.DisposeAsync() ?? default);
    }

    public void Dispose()
    {
        port.Dispose();
        GC.SuppressFinalize(this);
    }

    [Test]
    public async Task Fact_3_after_a_reconnect_nothing_is_sent_again()
    {
        await RestartServerAsync();

        Assert.That(Server.Ledger.Counters, Is.EqualTo(new AckCounters(ResponsesSent: 0, ResourcesSent: 0, RemovalsSent: 0, Nacks: 0)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Facts_4_and_5_refused_cluster_beside_good_ones_the_good_ones_are_live(bool againstTheRules)
    {
        var bad = againstTheRules ? ClusterAgainstTheRules("bad") : ClusterWithoutKeyFile("bad");
        var changed = GoodCluster("a", 2);
        var before = Server.Ledger.Counters;

        Mesh.Publish(GoodCluster("good1"), Assignment("good1", 9001), bad, Assignment("bad", 9002), GoodCluster("good2"), Assignment("good2", 9003), changed);

        await Server.Ledger.WaitForAsync(
            proxies => Accepts(proxies, ResourceType.Cluster, "good1") && Accepts(proxies, ResourceType.Cluster, "good2")
                && proxies.HasAccepted(changed.Key, changed.Version) && proxies.HasRejected(bad.Key));
        await Envoy.AdminAsync("/clusters", static text => Serves(text, "good1", 9001) && Serves(text, "good2", 9003));
        var proxy = Server.Ledger.Proxies.Single();
        Assert.That(proxy.Rejected.Keys, Is.EquivalentTo(new[] { bad.Key }));
        Assert.That(proxy.Rejected[bad.Key].Culprits, Is.EqualTo(bad.Origins));
        Assert.That(proxy.Rejected[bad.Key].Message, Does.Contain(againstTheRules ? "OutlierDetectionValidationError" : "Error adding/updating cluster(s) bad: "));

        // Nothing loops: another change brings one response, and the refused one stays away.
        await Server.Ledger.WaitForAsync(static proxies => proxies.All(static state => state.Pending.IsEmpty));
        var settled = Server.Ledger.Counters;
        Assert.That((settled - before).Nacks, Is.EqualTo(1));
        Mesh.Publish(Assignment("a", 9009));
        await Server.Ledger.WaitForAsync(static proxies => proxies.HasAccepted(new ResourceKey(ResourceType.Endpoint, "a"), Assignment("a", 9009).Version));
        Assert.That(Server.Ledger.Counters - settled, Is.EqualTo(new AckCounters(ResponsesSent: 1, ResourcesSent: 1, RemovalsSent: 0, Nacks: 0)));

        Mesh.Publish(GoodCluster("bad"));
        await Server.Ledger.WaitForAsync(static proxies => proxies.All(static state => state.Rejected.IsEmpty));
        await Envoy.AdminAsync("/clusters", static text => Serves(text, "bad", 9002));
    }

    [Test]
    public async Task Fact_5_refusal_of_a_route_names_none_and_the_old_one_stays()
    {
        Mesh.Publish(Routes("r", "a", regex: "(("));

        await Server.Ledger.WaitForAsync(static proxies => proxies.HasRejected(new ResourceKey(ResourceType.Route, "r")));
        Assert.That(Server.Ledger.Proxies.Single().Rejected.Single().Value.Message, Does.Contain("missing ): (("));
        Assert.That(await Envoy.AdminAsync("/config_dump"), Does.Not.Contain("\"((\""));
    }

    [Test]
    public async Task Fact_7_wrong_assignment_is_refused_and_the_old_endpoints_stay()
    {
        Mesh.Publish(AssignmentAt("a", "not-an-ip", 9001));

        await Server.Ledger.WaitForAsync(static proxies => proxies.HasRejected(new ResourceKey(ResourceType.Endpoint, "a")));
        Assert.That(Serves(await Envoy.AdminAsync("/clusters"), "a", 9000), Is.True);
    }

    [Test]
    public async Task Facts_6_and_8_changed_cluster_with_its_unchanged_assignment_is_not_held_up()
    {
        var changed = GoodCluster("a", 7);

        Mesh.Publish(changed);

        await Server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(changed.Key, changed.Version));
        await Envoy.AdminAsync("/config_dump?resource=dynamic_active_clusters", static text => text.Contains("\"7s\"", StringComparison.Ordinal));
    }

    protected static bool Accepts(ImmutableArray<ProxyState> proxies, ResourceType type, string name) =>
        proxies.Any(proxy => proxy.Accepted.ContainsKey(new ResourceKey(type, name)));

    protected static bool Serves(string clusters, string name, int at) =>
        clusters.Split('\n').Any(line => line.StartsWith($"{name}::127.0.0.1:{at}::", StringComparison.Ordinal));

    /// <summary>Starts another server in place of the one that runs, and waits until the proxy is back.</summary>
    protected async Task RestartServerAsync()
    {
        await Server.DisposeAsync();
        Server = await XdsServer.StartAsync(Mesh.Store, port.EndPoint.Port);

        // It may try again half a minute later only. With the snapshot handled, all has been sent that is sent.
        await Server.Ledger.WaitForAsync(
            static proxies => proxies.Any(static proxy => proxy.Accepted.Count == 4 && proxy.SentRevision.Value == 1), Timeouts.Default * 2);
    }
}
