// SPDX-License-Identifier: Apache-2.0
using Mesh.Echo;
using Mesh.NodeAgent.Processes;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.NodeAgent;

/// <summary><c>mesh-operator node</c> with a real Envoy, and an operator elsewhere.</summary>
public sealed class NodeProcessTests
{
    private const int Rate = 100;
    private static readonly TimeSpan Limit = Timeouts.Default * 4;

    [Test]
    public async Task Node_serves_by_a_remote_operator_and_a_killed_one_is_succeeded_without_a_failed_request()
    {
        var envoy = PinnedEnvoy.RequireBinary();
        var load = new LoadScene(216);
        using var scene = new NodeScene(load);
        await using var echo = await EchoServer.StartAsync(load.Pods, CancellationToken.None).WithTimeout();
        var server = scene.StartOperator();
        var node = scene.StartNode(envoy);
        try
        {
            await server.ReadyAsync().WithTimeout(Limit);
            await node.ReadyAsync().WithTimeout(Limit);
            var first = await NodeScene.EnvoyOfAsync(node).WithTimeout(Limit);
            await using var requests = await Load.StartAsync(load.Client, load.Url, Rate);
            await requests.PassedAsync(Rate).WithTimeout(Limit);

            await node.KillAsync();
            await requests.PassedAsync(Rate).WithTimeout(Limit);
            node = scene.StartNode(envoy);
            await node.ReadyAsync().WithTimeout(Limit);
            var second = await NodeScene.EnvoyOfAsync(node).WithTimeout(Limit);
            await requests.PassedAsync(Rate).WithTimeout(Limit);
            await scene.ChangePolicyAsync(1);
            var status = await scene.PolicyStatusAsync(static text => text.Contains("observedGeneration: 2", StringComparison.Ordinal)
                && text.Contains("In force on 1/1 proxies.", StringComparison.Ordinal)).WithTimeout(Limit);
            var result = await requests.StopAsync().WithTimeout(Limit);

            Assert.That(first.Adopted, Is.False);
            Assert.That(second, Is.EqualTo((first.Pid, true)));
            Assert.That(status, Does.Not.Contain("status: False").And.Not.Contain("status: Unknown"));
            Assert.That(result.Failures, Is.Empty);
            Assert.That(await node.StopAsync(), Is.EqualTo("exit code 0"));
            Assert.That(ProcessIdentity.Of(first.Pid), Is.Null, "Envoy ends with its node");
        }
        finally
        {
            await node.StopAsync();
            await server.StopAsync();
        }
    }

    [Test]
    public async Task Node_without_its_operator_is_alive_but_not_ready_and_says_why()
    {
        var envoy = PinnedEnvoy.RequireBinary();
        using var scene = new NodeScene(new LoadScene(217));
        var node = scene.StartNode(envoy);
        try
        {
            var text = await node.AnswerAsync("/readyz", static text => text.Contains("waits for its first configuration", StringComparison.Ordinal)).WithTimeout(Limit);

            Assert.That(text, Does.StartWith("[-]envoy: Envoy runs (pid ").And.EndWith("\nnot ready\n"));
            Assert.That(await node.AnswerAsync("/healthz", static _ => true).WithTimeout(Limit), Is.EqualTo("ok"));
        }
        finally
        {
            await node.StopAsync();
        }
    }
}
