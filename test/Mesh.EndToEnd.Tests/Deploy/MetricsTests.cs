// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Access;
using Mesh.EndToEnd.Tests.Kubernetes;
using Mesh.Testing;
using Mesh.Testing.Deploy;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Deploy;

/// <summary>Rules and dashboard ask for metrics that an operator in a cluster has: with watches, statuses, the lease, admission and tokens.</summary>
internal sealed class MetricsTests
{
    private static readonly TimeSpan Limit = Timeouts.Default * 4;

    [Test]
    public async Task Every_metric_of_rules_and_dashboard_has_a_sample()
    {
        await using var server = await TestApiServer.StartAsync("--service-cluster-ip-range=127.105.2.0/24");
        await ClusterSetup.ApplyDefinitionsAsync(server);
        await ClusterSetup.ApplyRolesAsync(server);
        await server.ApplyAsync("""
            apiVersion: mesh.operator.dev/v1alpha1
            kind: Mesh
            metadata: {name: default}
            spec: {}
            """);
        var folder = Directory.CreateTempSubdirectory("mesh-metrics-");
        var kubeconfig = await server.WriteAccountKubeconfigAsync(OperatorNames.Operator, OperatorNames.Namespace);
        using var authority = new TestAuthority("mesh root");
        using var certificate = authority.Issue("operator");
        var files = authority.Write(folder.FullName, certificate);
        var program = ProgramProcess.Start(
            Path.Combine(folder.FullName, "operator.log"), "run", "--kubernetes", "--kubeconfig", kubeconfig, "--namespace", OperatorNames.Namespace,
            "--state", Path.Combine(folder.FullName, "state"), "--proxy", "simulated", "--plain", "--admission", "127.0.0.1:0",
            "--listen", "127.0.0.1:0", "--tls-cert", files.Certificate, "--tls-key", files.Key, "--xds-auth", "Token");
        try
        {
            await program.ReadyAsync().WithTimeout(Limit);
            await server.KubectlAsync("wait", "--for=condition=Programmed", "mesh/default", "--timeout=150s").WithTimeout(Limit);
            var metrics = await program.AnswerAsync("/metrics", static text => text.Contains("\nmesh_leader 1\n", StringComparison.Ordinal)).WithTimeout(Limit);

            var offered = MonitoringQueries.Offered(metrics);
            var recorded = MonitoringQueries.Rules.Select(static rule => (string?)rule["record"]).OfType<string>();
            var asked = MonitoringQueries.Expressions.SelectMany(MonitoringQueries.MetricNames).Distinct(StringComparer.Ordinal).Except(recorded, StringComparer.Ordinal).ToList();

            Assert.That(asked, Has.Count.GreaterThan(20));
            Assert.That(asked.Where(name => !offered.Contains(name)), Is.Empty);
        }
        finally
        {
            await program.StopAsync();
            folder.Delete(recursive: true);
        }
    }
}
