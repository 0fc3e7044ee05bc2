// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Access;
using Mesh.EndToEnd.Tests.Kubernetes;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>Somebody takes the operator's role away, and gives it back.</summary>
internal sealed class RightsTests
{
    private const string Account = $"system:serviceaccount:{OperatorNames.Namespace}:{OperatorNames.Operator}";

    [Test]
    public async Task Role_taken_away_and_given_back_fails_no_request_and_loses_no_change()
    {
        await using var cluster = await ResilientCluster.StartAsync(new ClusterScene(117));
        await using var relay = new TcpRelay(cluster.Server.Address.Port);
        var roles = ClusterSetup.Generated("config/rbac/operator.yaml");
        await cluster.Server.ApplyAsync(roles);
        var token = await cluster.Server.KubectlAsync("create", "token", OperatorNames.Operator, "-n", OperatorNames.Namespace);
        await using var mesh = await MeshUnderLoad.StartAsync(cluster, cluster.Server.WriteKubeconfig(relay.Port, $"token: {token}"));

        await cluster.Server.KubectlAsync("delete", "clusterrolebinding", OperatorNames.Operator);
        await UntilAsync(cluster.Server, mayList: false);
        relay.Break();
        var line = await mesh.Logs.LineAsync("TrafficPolicy: the API server cannot be followed");
        await cluster.Server.ApplyAsync(LoadScene.Policy(1));
        await mesh.SecondsAsync(1);
        var sentMeanwhile = mesh.Sent;
        await cluster.Server.ApplyAsync(roles);
        await mesh.Logs.LineAsync("TrafficPolicy: the API server is followed again");
        await cluster.ProgrammedAsync(2);

        var failures = await mesh.FailuresAsync();
        Assert.Multiple(() =>
        {
            Assert.That(failures, Is.Empty);
            Assert.That(line, Does.Contain("trafficpolicies.mesh.operator.dev is forbidden"));
            Assert.That(sentMeanwhile, Is.Zero);
            Assert.That(mesh.Sent, Is.EqualTo(1));
            Assert.That(mesh.Removed, Is.Zero);
        });
    }

    /// <summary>Roles take effect through a cache, and nobody tells when.</summary>
    private static async Task UntilAsync(TestApiServer server, bool mayList)
    {
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while ((await server.TryKubectlAsync("auth", "can-i", "list", "trafficpolicies.mesh.operator.dev", "-A", $"--as={Account}")).ExitCode == 0 != mayList)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
