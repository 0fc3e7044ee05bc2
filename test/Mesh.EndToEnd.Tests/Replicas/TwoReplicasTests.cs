// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;
using Mesh.Xds;

namespace Mesh.EndToEnd.Tests.Replicas;

/// <summary>Two operators as they run in a cluster: what one of them knows counts in the statuses that the other one writes.</summary>
internal sealed class TwoReplicasTests
{
    private static readonly TimeSpan Limit = Timeouts.Default * 4;

    // Goal of the product: statuses go on so soon after a leader was killed.
    private static readonly TimeSpan Succession = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Nodes_of_both_replicas_count_and_a_refusal_at_the_follower_is_told_in_envoys_words()
    {
        await using var scene = await ReplicaScene.StartAsync(171);
        await scene.ApplyPolicyAsync("/a+", "good");
        await scene.StartNodeAsync(1);
        using (var client = new PodClient(scene.Client))
        {
            // It alone is there, so that it uses the policy; the other one never does.
            await client.AnsweredAsync(scene.Url);
        }

        await scene.ProgrammedAsync(1, "1/1");
        await scene.StartNodeAsync(0);
        var both = await scene.ProgrammedAsync(1, "2/2");
        await scene.WaitAsync("create", "meshnode/n1");
        await scene.WaitAsync("condition=Programmed", "meshnode/n1");

        // Two nodes of one machine: the addresses are the other one's, and the leader's own node says so.
        await scene.WaitAsync("create", "meshnode/n0");
        await scene.WaitAsync("condition=Connected", "meshnode/n0");

        await scene.ApplyPolicyAsync(Nacks.Shop.TooLarge, "bad");
        await scene.WaitAsync("condition=Programmed=False", "trafficpolicy/cart");
        await scene.WaitAsync("condition=Programmed=False", "meshnode/n1");
        await scene.WaitAsync("jsonpath={.status.summary.proxies}=1/2", "trafficpolicy/cart");
        var refused = ReplicaScene.Condition(await scene.ReadAsync("trafficpolicy", "cart"), "Programmed");
        var node1 = (await scene.ReadAsync("meshnode", "n1"))["status"]!;

        Assert.That((string?)ReplicaScene.Condition(both, "Programmed")["message"], Does.StartWith("In force on 2/2 proxies."));
        Assert.That((string?)refused["reason"], Is.EqualTo("RejectedByProxy"));
        Assert.That((string?)refused["message"], Does.StartWith("Refused by 1 of 2 proxies, in force on 1/2. n1: ").And.Contain("max program size of 1000"));
        Assert.That((int?)node1["rejectedCount"], Is.EqualTo(1));
        Assert.That((string?)node1["rejected"]![0]!["resource"], Is.EqualTo("Route r/shop/cart:8080"));
        Assert.That((string?)node1["proxyVersion"], Is.EqualTo("1.40.0"));

        await scene.ApplyPolicyAsync("/a{2}|/a", "mended");
        await scene.ProgrammedAsync(3, "2/2");
    }

    [Test]
    public async Task Killed_leader_is_succeeded_within_20_seconds_and_its_envoy_gets_nothing_again()
    {
        await using var scene = await ReplicaScene.StartAsync(172);
        await scene.ApplyPolicyAsync("/a+", "first");
        await scene.StartNodeAsync(0);
        await scene.StartNodeAsync(1);
        await using var load = await Load.StartAsync(scene.Client, scene.Url, rate: 50);
        await scene.ProgrammedAsync(1, "2/2");
        var sent = await scene.SettledAsync(1, proxies: 1, "mesh_xds_resources_sent_total");

        var killed = TimeProvider.System.GetTimestamp();
        var killedAt = TimeProvider.System.GetUtcNow();
        await scene.KillAsync(0);
        scene.Move(node: 0, replica: 1);
        var sentAfterMove = await scene.SettledAsync(1, proxies: 2, "mesh_xds_resources_sent_total");
        await scene.ApplyPolicyAsync("/a{2}|/a", "second");
        var second = await scene.ProgrammedAsync(2, "2/2");
        var took = TimeProvider.System.GetElapsedTime(killed);
        var acquired = await scene.Server.KubectlAsync("get", "lease", "mesh-operator", "-n", "mesh-system", "-o", "jsonpath={.spec.acquireTime}");
        await TestContext.Out.WriteLineAsync($"Statuses went on {took.TotalSeconds:F1} s after the leader was killed");

        // The killed one comes back as a follower, and a node goes to it.
        scene.StartOperator(0);
        await scene.Operator(0).ReadyAsync().WithTimeout(Limit);
        scene.Move(node: 1, replica: 0);
        await scene.SettledAsync(0, proxies: 1, "mesh_connected_proxies");
        await scene.ApplyPolicyAsync("/a{3}|/a", "third");
        await scene.ProgrammedAsync(3, "2/2");
        var result = await load.StopAsync().WithTimeout(Limit);
        var lease = await scene.Server.KubectlAsync("get", "lease", "mesh-operator", "-n", "mesh-system", "-o", "jsonpath={.spec.leaseTransitions}");

        Assert.That(sentAfterMove, Is.EqualTo(sent));
        Assert.That((string?)ReplicaScene.Condition(second, "Programmed")["status"], Is.EqualTo("True"));
        Assert.That(DateTimeOffset.Parse(acquired, System.Globalization.CultureInfo.InvariantCulture) - killedAt, Is.LessThan(Succession));
        Assert.That(lease, Is.EqualTo("1"));
        Assert.That(result.Failures, Is.Empty);
        foreach (var node in new[] { "n0", "n1" })
        {
            Assert.That((string?)ReplicaScene.Condition(await scene.ReadAsync("meshnode", node), "Connected")["status"], Is.EqualTo("True"));
        }
    }

    [Test]
    public async Task Replicas_serve_equal_bytes_a_node_of_both_counts_once_and_a_stopped_leader_hands_over()
    {
        await using var scene = await ReplicaScene.StartAsync(173);
        await scene.ApplyPolicyAsync("/a+", "first");
        await using (var at0 = await ConnectAsync(scene, 0))
        {
            await scene.ProgrammedAsync(1, "1/1");
            await using var at1 = await ConnectAsync(scene, 1);
            await scene.SettledAsync(1, proxies: 1, "mesh_connected_proxies");
            await using var other = new FakeEnvoy(scene.Xds(1), "other");
            await other.SubscribeAllAsync(ResourceType.Listener);
            var both = await scene.ProgrammedAsync(1, "2/2");

            Assert.That(at1.Held, Is.EqualTo(at0.Held));
            Assert.That(at0.Held.Keys, Has.Some.StartsWith("Listener ").And.Some.StartsWith("Route ").And.Some.StartsWith("Cluster ").And.Some.StartsWith("Endpoint "));
            Assert.That((int?)both["status"]!["proxies"]!["desired"], Is.EqualTo(2));

            var begin = TimeProvider.System.GetTimestamp();
            await scene.StopAsync(0);
            await scene.LeadsAsync(1);
            await scene.ApplyPolicyAsync("/a{2}|/a", "second");
            await scene.ProgrammedAsync(2, "2/2");
            await TestContext.Out.WriteLineAsync($"Statuses went on {TimeProvider.System.GetElapsedTime(begin).TotalSeconds:F1} s after the leader was told to stop");
        }

        // Nobody had to wait for the lease to run out: it was released.
        var lease = await scene.Server.KubectlAsync(
            "get", "lease", "mesh-operator", "-n", "mesh-system", "-o", "jsonpath={.spec.leaseTransitions} {.metadata.annotations.replicas\\.mesh\\.operator\\.dev/address}");
        Assert.That(lease, Is.EqualTo($"1 {scene.Xds(1).Authority}"));
    }

    [Test]
    public async Task Leader_that_cannot_be_told_says_whose_proxies_it_does_not_know_and_the_next_one_knows_them()
    {
        await using var scene = await ReplicaScene.StartAsync(174, isReachable: false);
        await scene.ApplyPolicyAsync("/a+", "first");
        await using var proxy = new FakeEnvoy(scene.Xds(1), "n");
        await proxy.SubscribeAllAsync(ResourceType.Listener);

        await scene.WaitAsync("jsonpath={.status.summary.proxies}=0/1", "trafficpolicy/cart");
        var partial = ReplicaScene.Condition(await scene.ReadAsync("trafficpolicy", "cart"), "Programmed");
        await scene.StopAsync(0);
        await scene.ProgrammedAsync(1, "1/1");

        Assert.That(((string?)partial["status"], (string?)partial["reason"]), Is.EqualTo(("Unknown", "Pending")));
        Assert.That((string?)partial["message"], Does.Match("^In force on 0/1 proxies; waiting for a proxy of replica .+, which cannot tell of it\\.$"));
    }

    /// <summary>A proxy of one name, whichever operator it asks.</summary>
    private static async Task<FakeEnvoy> ConnectAsync(ReplicaScene scene, int replica)
    {
        var envoy = new FakeEnvoy(scene.Xds(replica), "same");
        await envoy.SubscribeAllAsync(ResourceType.Listener);
        await envoy.SubscribeAsync(ResourceType.Cluster, "s/shop/cart:8080");
        await envoy.SubscribeAsync(ResourceType.Endpoint, "s/shop/cart:8080");
        await envoy.SubscribeAsync(ResourceType.Route, "r/shop/cart:8080");
        await envoy.WaitForAsync(static envoy => new[] { "Listener ", "Cluster ", "Endpoint ", "Route " }
            .All(type => envoy.Held.Keys.Any(key => key.StartsWith(type, StringComparison.Ordinal))));
        return envoy;
    }
}
