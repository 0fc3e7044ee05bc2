// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>The operator's API server goes away while the cluster is written through another one, and comes back.</summary>
internal sealed class ApiServerAwayTests
{
    [Test]
    public Task Outage_with_writes_in_between_fails_no_request_and_ends_in_what_changed() => OutageAsync(new ClusterScene(112), TimeSpan.Zero);

    [TestCase(30, 120)]
    [TestCase(600, 113)]
    [Explicit("It takes as long as it says.")]
    public Task Outage_that_lasts_is_like_a_short_one(int seconds, int scene) => OutageAsync(new ClusterScene(scene), TimeSpan.FromSeconds(seconds));

    private static async Task OutageAsync(ClusterScene scene, TimeSpan length)
    {
        await using var cluster = await ResilientCluster.StartAsync(scene);
        await using var peer = await cluster.Server.StartPeerAsync();
        await using var mesh = await MeshUnderLoad.StartAsync(cluster);

        await cluster.Server.StopServerAsync();
        await mesh.Logs.LineAsync("TrafficPolicy: the API server cannot be followed");
        await peer.ApplyAsync($"{LoadScene.Policy(1)}\n---\n{Late}");
        await peer.KubectlAsync("delete", "httproute", "spare-0", "-n", ClusterScene.Space);
        await mesh.SecondsAsync(length.TotalSeconds);
        var sentMeanwhile = mesh.Sent;
        var back = TimeProvider.System.GetTimestamp();
        await cluster.Server.StartServerAsync();

        await mesh.Mesh.GoneAsync(ClusterScene.SpareRoute);
        await cluster.ProgrammedAsync(2);
        await cluster.ProgrammedAsync("trafficpolicy/late", 1);
        var converged = TimeProvider.System.GetElapsedTime(back);
        var failures = await mesh.FailuresAsync();
        await TestContext.Out.WriteLineAsync($"converged {converged} after the API server was told to start; sent {mesh.Sent} of {mesh.Held}");
        Assert.Multiple(() =>
        {
            Assert.That(failures, Is.Empty);
            Assert.That(sentMeanwhile, Is.Zero);
            Assert.That(mesh.Sent, Is.EqualTo(2), "the route table that the policy is in, and that of the route that was deleted");
            Assert.That(mesh.Removed, Is.Zero);
        });
    }

    /// <summary>For a service that the proxy was never asked for.</summary>
    private const string Late =
        """
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: late, namespace: load}
        spec:
          targetRefs: [{kind: Service, name: spare-1}]
          timeouts: {request: 60s}
        """;
}
