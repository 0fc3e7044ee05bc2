// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;
using Mesh.Operator.Telemetry;
using Mesh.Testing;
using Mesh.Xds.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.EndToEnd.Tests.Status;

/// <summary>What Envoy would refuse of a node's own resources is not sent, and the node says so.</summary>
internal sealed class WithheldResourceTests
{
    private const string Service =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: cart, namespace: shop}
        spec: {clusterIP: 127.96.156.1, ports: [{port: 8080}]}
        """;

    [Test]
    public async Task Listener_that_breaks_envoys_rules_is_withheld_and_told_of_at_the_node()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal) { ["service.yaml"] = Service };
        await using var mesh = await RunningMesh.StartAsync(envoy: null, files, AddBadPort);

        var status = await mesh.StatusAsync(new ObjectKey("MeshNode", "", "test"), static _ => true);

        Assert.That(status.Policy?.Conditions?[2].Message, Does.StartWith(
            "1 resources of the node are withheld, since Envoy would refuse them; a version before keeps serving where there is one. "
                + "Listener l/127.96.156.2:70000: ").And.Contains("port_value"));
        Assert.That(mesh.Ledger.Proxies[0].Accepted.Keys.Select(static key => key.Name), Has.Member("l/127.96.156.1:8080"));
        Assert.That(mesh.Ledger.Proxies[0].Rejected, Is.Empty);
    }

    // The schema lets no such port through: it stands for a rule of Envoy's that our schema does not know of.
    private static void AddBadPort(IServiceCollection services) => services.AddSingleton(static provider => new ReconcileServices(
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<DebounceOptions>(),
        provider.GetRequiredService<MeshMetrics>(),
        provider.GetRequiredService<ILogger<ReconcileLoop>>())
    {
        Stages = static (before, change) =>
        {
            var built = Operator.Building.ModelBuilder.Update(before.Built, change);
            var bad = Meshes.Port("bad", 70000);
            var model = built.Model with
            {
                Services = built.Model.Services.SetItem(bad.Service, Meshes.Service("127.96.156.2", Meshes.ServicePort(bad))),
                Endpoints = built.Model.Endpoints.SetItem(bad, Meshes.Endpoints(bad)),
                Changes = null,
            };
            return new PipelineState(built, SnapshotBuilder.Build(model, before.Snapshot));
        },
    });
}
