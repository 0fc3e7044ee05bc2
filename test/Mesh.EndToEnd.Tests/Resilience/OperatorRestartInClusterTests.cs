// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>An operator that was killed comes back to its cluster and its Envoy as if nothing had been.</summary>
internal sealed class OperatorRestartInClusterTests
{
    private const int Rate = 200;
    private const string PolicyStatus = "trafficpolicies/status";
    private const string RouteStatus = "httproutes/status";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Test]
    public async Task Operator_killed_and_started_again_fails_no_request_sends_nothing_again_and_writes_no_status_again()
    {
        await using var cluster = await ResilientCluster.StartAsync(new ClusterScene(111));
        var envoy = PinnedEnvoy.RequireBinary();
        using var folder = OperatorFolder.Create(new Dictionary<string, string>(StringComparer.Ordinal));
        var first = await OperatorProcess.StartInClusterAsync(folder, envoy, cluster.Server.Kubeconfig).WithTimeout(Limit);
        var pid = first.EnvoyPid();
        await using var load = await Load.StartAsync(cluster.Scene.Client, cluster.Scene.Url, Rate);
        await cluster.ProgrammedAsync(1);
        await load.PassedAsync(Rate / 2).WithTimeout(Limit);

        await first.KillAsync();
        await load.PassedAsync(Rate).WithTimeout(Limit);
        var written = await ApiRequestCounts.WritesAsync(cluster.Server);
        var second = await OperatorProcess.StartInClusterAsync(folder, envoy, cluster.Server.Kubeconfig).WithTimeout(Limit);
        try
        {
            var adopted = await second.MetricsAsync(static metrics => metrics["mesh_leader"] == 1).WithTimeout(Limit);
            await load.PassedAsync(Rate / 2).WithTimeout(Limit);

            // Who writes takes one object after the other: what it found to write at its start is before this.
            await cluster.Server.ApplyAsync(LoadScene.Policy(1));
            await cluster.ProgrammedAsync(2);
            var changed = await second.MetricsAsync(static metrics => metrics["mesh_pending_resources"] == 0).WithTimeout(Limit);
            var result = await load.StopAsync().WithTimeout(Limit);
            var rewritten = await ApiRequestCounts.WritesAsync(cluster.Server);
            Assert.Multiple(() =>
            {
                Assert.That(result.Failures, Is.Empty);
                Assert.That(second.EnvoyPid(), Is.EqualTo(pid));
                Assert.That(adopted["mesh_xds_resources_sent_total"], Is.Zero);
                Assert.That(adopted["mesh_xds_removals_sent_total"], Is.Zero, "what it published first was all there is");
                Assert.That(changed["mesh_xds_resources_sent_total"], Is.EqualTo(1), "the route table that the policy is in");

                // On a slow machine the new generation is told as under way first.
                Assert.That(rewritten[PolicyStatus] - written[PolicyStatus], Is.InRange(1, 2));
                Assert.That(rewritten[RouteStatus], Is.EqualTo(written[RouteStatus]));
            });
        }
        finally
        {
            await second.StopAsync();
        }
    }
}
