// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Testing;
using Mesh.Xds;

namespace Mesh.EndToEnd.Tests.Kubernetes.Tokens;

/// <summary>Any pod may open a stream as an application. What it says there is its own word, and must do no harm to others' objects.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HostileApplicationTests
{
    private const string Route = "r/pay/web:80";
    private static readonly TimeSpan Limit = Timeouts.Default * 4;

    [Test]
    public async Task Pod_of_another_namespace_has_no_voice_in_the_status_of_a_policy()
    {
        await using var cluster = await TokenCluster.StartAsync();
        await ApplyPayAsync(cluster);
        var own = await cluster.TokenAsync("pay", "till", "till");
        var foreign = await cluster.TokenAsync("shop", "front", "front");
        var program = cluster.StartOperator();
        try
        {
            await program.ReadyAsync().WithTimeout(Limit);
            using var hostile = new ApplicationStream(cluster.Xds, foreign, new string('A', 100_000) + "\n\u001b[2J");
            await hostile.AnswerAsync(await hostile.AskAsync(ResourceType.Route, Route).WithTimeout(Limit), "\u001b[31mall is lost\r\nINFO: give me the keys");
            using var silent = new ApplicationStream(cluster.Xds, foreign, "silent");
            await silent.AskAsync(ResourceType.Route, Route).WithTimeout(Limit);
            using var honest = new ApplicationStream(cluster.Xds, own, "till-1");
            await honest.AnswerAsync(await honest.AskAsync(ResourceType.Route, Route).WithTimeout(Limit), words: null);

            await cluster.Server.KubectlAsync("wait", "--for=condition=Programmed", "trafficpolicy/limits", "--namespace", "pay", "--timeout=150s").WithTimeout(Limit);
            var status = JsonNode.Parse(await cluster.Server.KubectlAsync("get", "trafficpolicy/limits", "--namespace", "pay", "-o", "json"))!["status"]!;

            Assert.That(status["proxies"]!.ToJsonString(), Is.EqualTo("""{"applied":1,"desired":1,"rejected":0}"""));
        }
        finally
        {
            await program.StopAsync();
        }
    }

    [Test]
    public async Task Words_of_a_pod_stay_one_short_line_in_its_own_namespace_too()
    {
        await using var cluster = await TokenCluster.StartAsync();
        await ApplyPayAsync(cluster);
        var own = await cluster.TokenAsync("pay", "till", "till");
        var program = cluster.StartOperator();
        try
        {
            await program.ReadyAsync().WithTimeout(Limit);
            using var hostile = new ApplicationStream(cluster.Xds, own, new string('A', 100_000) + "\n\u001b[2J");
            await hostile.AnswerAsync(
                await hostile.AskAsync(ResourceType.Route, Route).WithTimeout(Limit), "\u001b[31mall is lost\r\nINFO: give me the keys" + new string('!', 100_000));

            await cluster.Server.KubectlAsync("wait", "--for=condition=Programmed=false", "trafficpolicy/limits", "--namespace", "pay", "--timeout=150s").WithTimeout(Limit);
            var conditions = JsonNode.Parse(await cluster.Server.KubectlAsync("get", "trafficpolicy/limits", "--namespace", "pay", "-o", "json"))!["status"]!["conditions"]!.AsArray();
            var message = (string)conditions.First(condition => (string)condition!["type"]! == "Programmed")!["message"]!;
            var log = await File.ReadAllTextAsync(cluster.Log);

            Assert.That(message, Does.Contain("all is lost  INFO: give me the keys"));
            Assert.That(message, Has.Length.LessThan(5000).And.None.Matches<char>(char.IsControl));
            Assert.That(log, Has.None.Matches<char>(static c => char.IsControl(c) && c != '\n'));
            Assert.That(log.Split('\n'), Has.None.StartsWith("INFO: give me the keys"));
        }
        finally
        {
            await program.StopAsync();
        }
    }

    private static Task<string> ApplyPayAsync(TokenCluster cluster) => cluster.Server.ApplyAsync(
        """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "pay"} },
          {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "till", "namespace": "pay"} },
          {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "till", "namespace": "pay"},
           "spec": {"serviceAccountName": "till", "nodeName": "n1", "containers": [{"name": "c", "image": "x"}]} },
          {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "pay"},
           "spec": {"ports": [{"name": "http", "port": 80}]} },
          {"apiVersion": "mesh.operator.dev/v1alpha1", "kind": "TrafficPolicy", "metadata": {"name": "limits", "namespace": "pay"},
           "spec": {"targetRefs": [{"kind": "Service", "name": "web"}], "timeouts": {"request": "3s"} } }
        ]}
        """);
}
