// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Kubernetes;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>Statuses that somebody else wrote over are put in again as they were, once, and what others write beside ours is left in peace.</summary>
internal sealed class StatusFenceTests
{
    private const string Policy = "trafficpolicies/cart";
    private const string Route = "httproutes/cart";
    private const string Node = "meshnodes/test";

    private static readonly string[] OurParent =
        ["jsonpath={.status.parents[?(@.controllerName==\"" + ApiGroup.ControllerName + "\")].conditions[?(@.type==\"Programmed\")].status}=True", "httproute/cart"];

    private StatusCluster cluster = null!; // set before every test
    private k8s.Kubernetes client = null!; // set before every test

    [SetUp]
    public async Task StartAsync()
    {
        cluster = await StatusCluster.StartAsync(withRoutes: true, "--service-cluster-ip-range=127.96.0.0/16");
        client = cluster.Server.Client();
        await cluster.Server.ApplyAsync($"{StatusCluster.Service}\n---\n{StatusCluster.Policy("cart", "5s")}");
    }

    [TearDown]
    public async Task StopAsync()
    {
        client?.Dispose();
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }
    }

    [Test]
    public async Task Write_of_a_deposed_leader_that_arrives_late_does_not_stand()
    {
        await using var first = await WatchfulReplica.StartAsync(cluster, "first");
        await cluster.ProgrammedAsync("trafficpolicy/cart");
        var late = LateWrite.Of(first.Traffic, Policy, generation: 2);
        await cluster.Server.ApplyAsync(StatusCluster.Policy("cart", "6s"));
        await late.Held.WithTimeout();
        await using var second = await WatchfulReplica.StartAsync(cluster, "second");
        await cluster.ProgrammedAsync("trafficpolicy/cart", generation: 2);
        await cluster.Server.ApplyAsync(StatusCluster.Policy("cart", "7s"));
        await cluster.ProgrammedAsync("trafficpolicy/cart", generation: 3);
        await RestAsync(second);
        var (truth, writes, reads) = (await StatusAsync("trafficpolicy", "cart"), second.WritesOf(Policy), second.ReadsOf(Policy));

        var landed = JsonNode.Parse(await late.ArriveAsync(client))!;
        await second.WritesAsync(Policy, writes + 1);
        await RestAsync(second);

        Assert.Multiple(async () =>
        {
            Assert.That((long?)landed["status"]!["observedGeneration"], Is.EqualTo(2), "it was in force for a moment");
            Assert.That(await StatusAsync("trafficpolicy", "cart"), Is.EqualTo(truth));
            Assert.That(second.WritesOf(Policy), Is.EqualTo(writes + 1));
            Assert.That(second.ReadsOf(Policy), Is.LessThanOrEqualTo(reads + 2));
            Assert.That(second.Logs.Lines, Has.None.Contains("again and again"));
        });
    }

    [TestCase("""{"status":{"observedGeneration":7,"proxies":{"applied":0},"conditions":[{"type":"Programmed","status":"False","reason":"Lie","message":"","lastTransitionTime":"2020-01-01T00:00:00Z"}]}}""")]
    [TestCase("""{"status":null}""")]
    public async Task Status_of_a_policy_that_was_edited_or_stripped_is_as_it_was(string patch)
    {
        await using var replica = await WatchfulReplica.StartAsync(cluster, "a");
        await cluster.ProgrammedAsync("trafficpolicy/cart");
        await RestAsync(replica);
        var (truth, writes) = (await StatusAsync("trafficpolicy", "cart"), replica.WritesOf(Policy));

        await PatchStatusAsync("trafficpolicy", "cart", patch);
        await replica.WritesAsync(Policy, writes + 1);
        await RestAsync(replica);

        Assert.That(await StatusAsync("trafficpolicy", "cart"), Is.EqualTo(truth));
        Assert.That(replica.WritesOf(Policy), Is.EqualTo(writes + 1));
        Assert.That(await cluster.Server.KubectlAsync("get", "events.events.k8s.io", "-n", "shop", "--field-selector=regarding.name=cart"), Is.Empty, "nothing turned");
        Assert.That(await replica.Mesh.MetricsAsync(), Does.Contain("mesh_status_restores_total 1"));
    }

    [Test]
    public async Task Entry_that_another_controller_took_out_of_a_route_comes_back_and_theirs_stays_and_their_writes_cost_nothing()
    {
        await cluster.Server.ApplyAsync(StatusCluster.Route);
        await using var replica = await WatchfulReplica.StartAsync(cluster, "a");
        await cluster.WaitAsync(OurParent[0], OurParent[1]);
        await RestAsync(replica);
        var ours = OwnParent(await cluster.ReadAsync("httproute", "cart"));
        var writes = replica.WritesOf(Route);

        // Theirs alone: ours is out.
        await PatchStatusAsync("httproute", "cart", ParentsOf(Theirs("0")));
        await replica.WritesAsync(Route, writes + 1);
        await RestAsync(replica);
        var mended = await cluster.ReadAsync("httproute", "cart");
        var reads = replica.ReadsOf(Route);

        // Theirs changes, and ours is left in it, as a controller does that behaves.
        for (var i = 1; i <= 10; i++)
        {
            await PatchStatusAsync("httproute", "cart", ParentsOf(Theirs($"{i}"), ours));
        }

        await RestAsync(replica);

        Assert.Multiple(async () =>
        {
            Assert.That(OwnParent(mended), Is.EqualTo(ours));
            Assert.That(mended["status"]!["parents"]!.AsArray().Select(static parent => (string?)parent!["controllerName"]), Is.EquivalentTo(["example.com/other", ApiGroup.ControllerName]));
            Assert.That((replica.WritesOf(Route), replica.ReadsOf(Route)), Is.EqualTo((writes + 1, reads)));
            Assert.That(OwnParent(await cluster.ReadAsync("httproute", "cart")), Is.EqualTo(ours));
        });
    }

    [Test]
    public async Task Node_that_was_written_over_or_deleted_is_as_it_was()
    {
        // Its configuration moves on, which is not worth a write yet: what was lost is put in again all the same.
        await using var replica = await WatchfulReplica.StartAsync(cluster, "a", WatchfulReplica.Prompt with { NodeProgress = TimeSpan.FromHours(1) });
        await cluster.WaitAsync("create", "meshnode/test");
        await cluster.ProgrammedAsync("meshnode/test");
        await RestAsync(replica);
        var (truth, writes) = (await StatusAsync("meshnode", "test"), replica.WritesOf(Node));
        await cluster.Server.ApplyAsync(
            $"{Of(StatusCluster.Service, "pay").Replace("161.1", "161.2", StringComparison.Ordinal)}\n---\n{Of(StatusCluster.Policy("cart", "5s"), "pay")}");
        await cluster.ProgrammedAsync("trafficpolicy/pay");

        await PatchStatusAsync("meshnode", "test", """{"status":{"proxyVersion":"0.0.1","conditions":[]}}""");
        await replica.WritesAsync(Node, writes + 1);
        await RestAsync(replica);
        Assert.That(await StatusAsync("meshnode", "test"), Is.EqualTo(truth));

        await cluster.Server.KubectlAsync("delete", "meshnode", "test");
        await replica.WritesAsync(Node, writes + 2);
        await cluster.WaitAsync("create", "meshnode/test");
        await cluster.ProgrammedAsync("meshnode/test");

        Assert.That(replica.WritesOf(Node), Is.EqualTo(writes + 2));
    }

    [Test]
    public async Task Another_program_that_never_gives_in_is_answered_at_longer_and_longer_intervals_and_told_of()
    {
        const int rounds = 4;
        var pace = WatchfulReplica.Prompt with { FirstRetry = TimeSpan.FromMilliseconds(400), LongestRetry = TimeSpan.FromSeconds(30) };
        await using var replica = await WatchfulReplica.StartAsync(cluster, "a", pace);
        await cluster.ProgrammedAsync("trafficpolicy/cart");
        await RestAsync(replica);
        var (truth, writes) = (await StatusAsync("trafficpolicy", "cart"), replica.WritesOf(Policy));
        var sent = SentOf(replica, Policy);

        for (var round = 1; round <= rounds; round++)
        {
            await StripAsync();
            await replica.WritesAsync(Policy, writes + round);
        }

        await RestAsync(replica);
        var gaps = sent.Zip(sent.Skip(1), static (before, after) => TimeProvider.System.GetElapsedTime(before, after).TotalSeconds).ToList();
        Assert.Multiple(async () =>
        {
            // 0.4, 0.8 and 1.6 s after the answer to our write before, but for what clocks differ; a slow machine makes them longer.
            Assert.That(gaps.Zip([0.35, 0.75, 1.5], static (gap, least) => gap > least), Is.EqualTo([true, true, true]), string.Join(", ", gaps));
            Assert.That(await StatusAsync("trafficpolicy", "cart"), Is.EqualTo(truth));
            Assert.That(replica.WritesOf(Policy), Is.EqualTo(writes + rounds));
            Assert.That(replica.Logs.Lines.Where(static line => line.Contains("TrafficPolicy shop/cart is written over by another program", StringComparison.Ordinal)), Has.Exactly(1).Items);
        });
    }

    private static string Of(string yaml, string name) => yaml.Replace("name: cart", $"name: {name}", StringComparison.Ordinal);

    private static string Theirs(string message) =>
        $$"""{"parentRef":{"name":"edge"},"controllerName":"example.com/other","conditions":[{"type":"Accepted","status":"True","reason":"Accepted","message":"{{message}}","lastTransitionTime":"2026-01-01T00:00:00Z"}]}""";

    private static string ParentsOf(params string[] parents) => $$$"""{"status":{"parents":[{{{string.Join(',', parents)}}}]}}""";

    private static string OwnParent(JsonObject route) => route["status"]!["parents"]!.AsArray()
        .Single(static parent => (string?)parent!["controllerName"] == ApiGroup.ControllerName)!.ToJsonString();

    /// <summary>Waits for the status of a policy that is applied when the proxy has answered all: what was reported or seen before it has been written.</summary>
    private async Task RestAsync(WatchfulReplica replica)
    {
        await replica.Mesh.SettledAsync();
        var name = $"marker-{Guid.NewGuid():N}";
        await cluster.Server.ApplyAsync(StatusCluster.Policy(name, "1s"));
        await cluster.WaitAsync("condition=Stalled", $"trafficpolicy/{name}");

        // Its own write is seen as well, and is no reason for another one.
        await replica.WritesAsync($"trafficpolicies/{name}", 1);
    }

    /// <summary>When the writes of an object's status that come from now on are sent.</summary>
    private static ConcurrentQueue<long> SentOf(WatchfulReplica replica, string @object)
    {
        var sent = new ConcurrentQueue<long>();
        replica.Traffic.Before = request =>
        {
            if (request.Method == HttpMethod.Patch && request.RequestUri!.AbsolutePath.EndsWith($"/{@object}/status", StringComparison.Ordinal))
            {
                sent.Enqueue(TimeProvider.System.GetTimestamp());
            }

            return Task.CompletedTask;
        };
        return sent;
    }

    private async Task<string> StatusAsync(string kind, string name) => (await cluster.ReadAsync(kind, name))["status"]!.ToJsonString();

    private Task<string> PatchStatusAsync(string kind, string name, string patch) =>
        cluster.Server.KubectlAsync("patch", kind, name, "-n", "shop", "--subresource=status", "--type=merge", "-p", patch);

    /// <summary>As kubectl would, only sooner.</summary>
    private Task<object> StripAsync() => client.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
        new V1Patch("""{"status":null}""", V1Patch.PatchType.MergePatch), ApiGroup.Name, "v1alpha1", "shop", "trafficpolicies", "cart").WithTimeout();
}
