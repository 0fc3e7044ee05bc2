// SPDX-License-Identifier: Apache-2.0
using Mesh.Echo;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>The data plane does not depend on the life of the control plane.</summary>
public sealed class OperatorRestartTests
{
    private const int Rate = 200;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Test]
    public async Task Operator_killed_and_started_again_fails_no_request_and_sends_nothing_again()
    {
        var envoy = PinnedEnvoy.RequireBinary();
        var scene = new LoadScene(214);
        using var folder = OperatorFolder.Create(scene.Files);
        await using var echo = await EchoServer.StartAsync(scene.Pods, CancellationToken.None).WithTimeout();
        var first = await OperatorProcess.StartAsync(folder, envoy).WithTimeout(Limit);
        var pid = first.EnvoyPid();
        await using var load = await Load.StartAsync(scene.Client, scene.Url, Rate);
        await load.PassedAsync(Rate).WithTimeout(Limit);
        var sentAtFirst = await first.MetricsAsync(_ => true).WithTimeout(Limit);

        await first.KillAsync();
        await load.PassedAsync(Rate).WithTimeout(Limit);
        var second = await OperatorProcess.StartAsync(folder, envoy).WithTimeout(Limit);
        try
        {
            await load.PassedAsync(Rate).WithTimeout(Limit);

            var sent = await second.MetricsAsync(_ => true).WithTimeout(Limit);
            var result = await load.StopAsync().WithTimeout(Limit);
            Assert.Multiple(() =>
            {
                Assert.That(sentAtFirst["mesh_xds_resources_sent_total"], Is.GreaterThan(0));
                Assert.That(sent["mesh_xds_resources_sent_total"], Is.Zero);
                Assert.That(sent["mesh_connected_proxies"], Is.EqualTo(1));
                Assert.That(second.EnvoyPid(), Is.EqualTo(pid));
                Assert.That(result.Failures, Is.Empty);
                Assert.That(result.Latencies, Has.Length.GreaterThanOrEqualTo(3 * Rate));
            });

            // What was adopted is served further: a change arrives.
            await File.WriteAllTextAsync(Path.Combine(folder.Mesh, LoadScene.PolicyFile), LoadScene.Policy(1));
            await second.MetricsAsync(metrics => metrics["mesh_xds_resources_sent_total"] > 0 && metrics["mesh_pending_resources"] == 0)
                .WithTimeout(Limit);
        }
        finally
        {
            await second.StopAsync();
        }
    }
}
