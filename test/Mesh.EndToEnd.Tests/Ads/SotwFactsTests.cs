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
internal sealed class SotwFactsTests() : FactsFixture(AdsEnvoy.StateOfTheWorld)
{
    [Test]
    public async Task Small_mesh_is_live_and_the_ledger_holds_all_of_it()
    {
        Assert.That(Server.Requests, Is.Empty, "no delta stream was opened");
        Assert.That(Server.Ledger.Proxies.Single().Accepted.Keys.Select(static key => key.ToString()), Is.EquivalentTo(new[]
        {
            "Cluster a", "Endpoint a", "Listener l", "Route r",
        }));
        await Envoy.AdminAsync("/listeners", static text => text.Contains("l::", StringComparison.Ordinal));
        Assert.That(Serves(await Envoy.AdminAsync("/clusters"), "a", 9000), Is.True);
    }

    [Test]
    public async Task Change_of_endpoints_routes_and_listeners_is_followed()
    {
        var moved = Assignment("a", 9009);
        var routes = Routes("r", "b");
        Mesh.Publish(moved, GoodCluster("b"), Assignment("b", 9001), routes, Listener("l2", 0, "r", "127.0.0.2"));

        await Server.Ledger.WaitForAsync(
            proxies => proxies.HasAccepted(moved.Key, moved.Version) && proxies.HasAccepted(routes.Key, routes.Version) && Accepts(proxies, ResourceType.Listener, "l2"));
        await Envoy.AdminAsync("/clusters", static text => Serves(text, "a", 9009) && !Serves(text, "a", 9000) && Serves(text, "b", 9001));
        await Envoy.AdminAsync("/listeners", static text => text.Contains("l2::", StringComparison.Ordinal));
    }

    [Test]
    public async Task Fact_5_refused_listener_beside_good_ones_the_good_ones_are_live()
    {
        // An address that no machine has.
        var bad = Listener("bad", 0, "r", "192.0.2.1");
        Mesh.Publish(bad, Listener("l2", 0, "r", "127.0.0.2"), Listener("l3", 0, "r", "127.0.0.3"));

        await Server.Ledger.WaitForAsync(
            proxies => Accepts(proxies, ResourceType.Listener, "l2") && Accepts(proxies, ResourceType.Listener, "l3") && proxies.HasRejected(bad.Key));
        await Envoy.AdminAsync("/listeners", static text => text.Contains("l2::", StringComparison.Ordinal) && text.Contains("l3::", StringComparison.Ordinal));
    }

    [Test]
    public async Task Fact_11_emptied_assignment_empties_the_cluster()
    {
        var empty = Assignment("a");

        Mesh.Publish(empty);

        await Server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(empty.Key, empty.Version));
        await Envoy.AdminAsync("/clusters", static text => !Serves(text, "a", 9000));
    }

    [Test]
    public async Task Fact_12_cluster_that_is_gone_is_missing_in_the_next_response_after_what_named_it()
    {
        var routes = Routes("r", "b");
        Mesh.Publish(
            [new ResourceKey(ResourceType.Cluster, "a"), new ResourceKey(ResourceType.Endpoint, "a")], GoodCluster("b"), Assignment("b", 9001), routes);

        await Server.Ledger.WaitForAsync(
            proxies => proxies.HasAccepted(routes.Key, routes.Version) && proxies.All(static proxy => !proxy.Accepted.Keys.Any(static key => key.Name == "a") && proxy.Pending.IsEmpty));
        await Envoy.AdminAsync("/clusters", static text => !text.Contains("\na::", StringComparison.Ordinal) && Serves(text, "b", 9001));
    }
}
