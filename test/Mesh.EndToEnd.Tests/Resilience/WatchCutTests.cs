// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Operator.Kubernetes;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>Watches end all the time while things change.</summary>
internal sealed class WatchCutTests
{
    private const int Changes = 40;
    private const int ChangesToACut = 8;

    [Test]
    public async Task Watches_ended_every_five_seconds_connections_cut_and_sent_away_lose_no_change()
    {
        // Watches end by themselves after five to ten seconds, and one request in fifty ends its connection.
        await using var cluster = await ResilientCluster.StartAsync(new ClusterScene(115), "--min-request-timeout=5", "--goaway-chance=0.02");
        await using var relay = new TcpRelay(cluster.Server.Address.Port);

        // Some hundred requests, for some GOAWAYs among them.
        var election = new LeaderElectionOptions { Retry = TimeSpan.FromMilliseconds(50) };
        await using var mesh = await MeshUnderLoad.StartAsync(cluster, cluster.Server.WriteKubeconfig(relay.Port), services => services.AddSingleton(election));
        using var client = cluster.Server.Client();

        for (var change = 1; change <= Changes; change++)
        {
            await ChangeAsync(client, change);
            await mesh.SecondsAsync(0.3);
            if (change % ChangesToACut == 0)
            {
                relay.Break();
            }
        }

        await cluster.ProgrammedAsync(Changes + 1);
        var failures = await mesh.FailuresAsync();
        Assert.Multiple(() =>
        {
            Assert.That(failures, Is.Empty);
            Assert.That(mesh.Sent, Is.InRange(1, Changes));
            Assert.That(mesh.Removed, Is.Zero);
            Assert.That(mesh.Mesh.Cluster.Counts.Select(static counts => counts.Lists), Is.All.LessThanOrEqualTo(1), "nothing was listed again");
            Assert.That(mesh.Mesh.Cluster.Counts.Single(static counts => counts.Kind == "TrafficPolicy").Watches, Is.GreaterThanOrEqualTo(Changes / ChangesToACut));
        });
    }

    private static Task<object> ChangeAsync(k8s.Kubernetes client, int version)
    {
        var patch = new V1Patch(
            $$$$"""{"spec":{"timeouts":{"request":"{{{{60_000 + version}}}}ms"}}}""", V1Patch.PatchType.MergePatch);
        return client.CustomObjects.PatchNamespacedCustomObjectAsync(
            patch, "mesh.operator.dev", "v1alpha1", ClusterScene.Space, "trafficpolicies", "target").WithTimeout();
    }
}
