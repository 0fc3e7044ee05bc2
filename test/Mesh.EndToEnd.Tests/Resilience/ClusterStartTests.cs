// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>An operator that is started before its cluster is.</summary>
internal sealed class ClusterStartTests
{
    [Test]
    public async Task Api_server_and_kinds_that_come_after_the_operator_are_waited_for_with_words()
    {
        await using var server = await TestApiServer.StartAsync("--service-cluster-ip-range=127.119.0.0/24");
        await server.StopServerAsync();
        var folder = Directory.CreateTempSubdirectory("mesh-start-");
        var log = Path.Combine(folder.FullName, "operator.log");
        var process = ProgramProcess.Start(
            log, "run", "--kubernetes", "--kubeconfig", server.Kubeconfig, "--proxy", "Simulated", "--state", Path.Combine(folder.FullName, "state"), "--plain");
        try
        {
            await process.AnswerAsync("/healthz", static text => text == "ok");
            var unready = await process.AnswerAsync("/readyz", static text => text.Contains("not ready", StringComparison.Ordinal) && text.Contains("refused", StringComparison.Ordinal));
            await server.StartServerAsync();
            await process.ReadyAsync();
            await server.DefineAsync(Definitions.Ours);
            await server.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: mesh-system}}}}\n---\n{Mesh}");
            await server.KubectlAsync("wait", "--for=condition=Accepted", "mesh.mesh.operator.dev/default", "--timeout=150s");
            var ended = await process.StopAsync();

            // The log is written behind: all of it is there at the end.
            var bare = await File.ReadAllTextAsync(log);

            Assert.Multiple(() =>
            {
                Assert.That(unready, Does.Contain("TrafficPolicy").And.Contain("Service"));
                Assert.That(bare, Does.Contain("Service: the API server cannot be followed").And.Contain("what is known keeps serving, and it is tried again until it works"));
                Assert.That(bare, Does.Contain("TrafficPolicy: the API server does not know this kind").And.Contain("kubectl apply --server-side -f crds/manifests"));
                Assert.That(bare, Does.Contain("HTTPRoute: the API server does not know this kind"));
                Assert.That(ended, Is.EqualTo("exit code 0"), "it ended as told, and not before");
            });
        }
        finally
        {
            // Where it still runs, for something was not as it should be.
            await process.KillAsync();
            folder.Delete(recursive: true);
        }
    }

    private const string Mesh =
        """
        apiVersion: mesh.operator.dev/v1alpha1
        kind: Mesh
        metadata: {name: default}
        spec: {outboundTraffic: Passthrough}
        """;
}
