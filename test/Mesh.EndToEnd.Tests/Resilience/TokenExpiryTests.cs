// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Access;
using Mesh.EndToEnd.Tests.Kubernetes;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>
/// The operator's own token runs out, in a process as it runs in a pod. An API server makes none for less than ten minutes; this one's key is the
/// test's, so it takes what the test signs.
/// </summary>
internal sealed class TokenExpiryTests
{
    private const int Rate = 100;
    private const string Refused = """mesh_api_answers_total{code="401"}""";

    /// <summary>An API server takes a token for a minute longer than it says: so much is left of this one.</summary>
    private static readonly TimeSpan Left = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Test]
    public async Task Token_that_expires_harms_no_request_and_statuses_go_on_with_the_next_one()
    {
        await using var cluster = await ResilientCluster.StartAsync(new ClusterScene(119));
        await using var relay = new TcpRelay(cluster.Server.Address.Port);
        await cluster.Server.ApplyAsync(ClusterSetup.Generated("config/rbac/operator.yaml"));
        using var file = new TokenOnDisk();
        using var folder = OperatorFolder.Create(new Dictionary<string, string>(StringComparer.Ordinal));
        var lasting = await TokenAsync(cluster.Server);
        await file.WriteAsync(lasting);
        var mesh = await OperatorProcess.StartInClusterAsync(
            folder, PinnedEnvoy.RequireBinary(), cluster.Server.WriteKubeconfig(relay.Port, $"tokenFile: {file.Path}"), "--namespace", OperatorNames.Namespace).WithTimeout(Limit);
        try
        {
            await using var load = await Load.StartAsync(cluster.Scene.Client, cluster.Scene.Url, Rate);
            await cluster.ProgrammedAsync(1);
            var before = await mesh.MetricsAsync(static metrics => metrics["mesh_pending_resources"] == 0).WithTimeout(Limit);

            await file.WriteAsync(PodToken.Remade(lasting, TimeProvider.System.GetUtcNow() - Leeway + Left, cluster.Server.SigningKey));

            // The lease is renewed every two seconds, by a request of its own: it is taken until it has expired, and refused from then on.
            var refused = await mesh.MetricsAsync(static metrics => metrics.GetValueOrDefault(Refused) > 0).WithTimeout(Limit);
            relay.Break();
            await mesh.MetricsAsync(metrics => metrics["mesh_watch_failures_total{kind=\"TrafficPolicy\"}"] > before["mesh_watch_failures_total{kind=\"TrafficPolicy\"}"]).WithTimeout(Limit);
            await mesh.MetricsAsync(static metrics => metrics["mesh_leader"] == 0).WithTimeout(Limit);
            await cluster.Server.ApplyAsync(LoadScene.Policy(1));
            await load.PassedAsync(Rate).WithTimeout(Limit);
            var away = await mesh.MetricsAsync(static _ => true).WithTimeout(Limit);

            var start = TimeProvider.System.GetTimestamp();
            await file.WriteAsync(await TokenAsync(cluster.Server));
            await cluster.ProgrammedAsync(2);
            var converged = TimeProvider.System.GetElapsedTime(start);
            var after = await mesh.MetricsAsync(static metrics => metrics["mesh_pending_resources"] == 0).WithTimeout(Limit);
            var result = await load.StopAsync().WithTimeout(Limit);
            var log = await File.ReadAllTextAsync(folder.Log);
            await TestContext.Out.WriteLineAsync(
                $"{refused[Refused]} refusals at first, {away[Refused]} in all; converged {converged.TotalSeconds:F1} s after the new token; {result.Requests} requests");
            Assert.Multiple(() =>
            {
                Assert.That(result.Failures, Is.Empty);
                Assert.That(Sent(away), Is.EqualTo(Sent(before)), "nothing came of it in the data plane");
                Assert.That(Sent(after), Is.EqualTo(Sent(before) + 1), "the route table that the policy is in");
                Assert.That(after["mesh_xds_removals_sent_total"], Is.EqualTo(before["mesh_xds_removals_sent_total"]));
                Assert.That(log.Split('\n').Where(static line => line.Contains("refuses the operator's credentials", StringComparison.Ordinal)), Has.Exactly(1).Items);
                Assert.That(log, Does.Contain($"put a valid token into {file.Path}").And.Contain("takes the operator's credentials again"));
            });
        }
        finally
        {
            await mesh.StopAsync();
        }
    }

    private static double Sent(IReadOnlyDictionary<string, double> metrics) => metrics["mesh_xds_resources_sent_total"];

    private static Task<string> TokenAsync(TestApiServer server) =>
        server.KubectlAsync("create", "token", OperatorNames.Operator, "-n", OperatorNames.Namespace);
}
