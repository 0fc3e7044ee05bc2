// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Sources;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>Kinds and namespaces go away under a running mesh.</summary>
internal sealed class DefinitionLossTests
{
    private const string Doomed = "doomed";

    private static readonly string[] Kinds =
    [
        "trafficpolicies.mesh.operator.dev", "meshes.mesh.operator.dev", "meshnodes.mesh.operator.dev", "httproutes.gateway.networking.k8s.io",
    ];

    private static readonly ObjectKey Policy = new("TrafficPolicy", Doomed, "neighbour");

    [Test]
    public async Task Kinds_and_a_namespace_deleted_take_nothing_else_with_them_and_kinds_come_back()
    {
        await using var cluster = await ResilientCluster.StartAsync(new ClusterScene(118));
        var pace = new StatusWriteOptions { NodeProgress = TimeSpan.FromMilliseconds(100) };
        await using var mesh = await MeshUnderLoad.StartAsync(cluster, kubeconfig: null, services => services.AddSingleton(pace));

        await AddAndDeleteNamespaceAsync(cluster, mesh);
        var (sent, removed) = (mesh.Sent, mesh.Removed);
        await cluster.Server.KubectlAsync(["delete", "crd", .. Kinds]);
        await mesh.Mesh.GoneAsync(ClusterScene.Policy);
        await mesh.Mesh.GoneAsync(ClusterScene.SpareRoute);
        await mesh.Logs.LineAsync("TrafficPolicy: the API server does not know this kind");
        await mesh.SecondsAsync(1);
        await cluster.Server.DefineAsync(Definitions.Ours, Definitions.GatewayApi("httproutes"));
        await cluster.Server.ApplyAsync(ClusterScene.Custom);
        await cluster.ProgrammedAsync(1);
        await cluster.Server.KubectlAsync("wait", "--for=create", "meshnode/test", "--timeout=150s");
        await cluster.Server.KubectlAsync("wait", "--for=condition=Connected", "meshnode/test", "--timeout=150s");

        var failures = await mesh.FailuresAsync();
        Assert.Multiple(() =>
        {
            Assert.That(failures, Is.Empty);
            Assert.That((sent, removed), Is.EqualTo((2L, 2L)), "the namespace's service: a listener and its scope");

            // Each of the two routes and the policy goes and comes by itself, or in one go with another.
            Assert.That(mesh.Sent - sent, Is.InRange(4, 6), "route tables");
            Assert.That(mesh.Removed, Is.EqualTo(removed));
        });
    }

    /// <summary>A service with its policy comes and goes, by the namespace that it is in.</summary>
    private static async Task AddAndDeleteNamespaceAsync(ResilientCluster cluster, MeshUnderLoad mesh)
    {
        await cluster.Server.ApplyAsync(Neighbour(cluster.Scene));
        await mesh.Mesh.ProgrammedAsync(Policy);
        await cluster.Server.KubectlAsync("delete", "namespace", Doomed);
        await mesh.Mesh.GoneAsync(Policy);
        await mesh.Mesh.SettledAsync();
    }

    private static string Neighbour(ClusterScene scene) => string.Join("\n---\n",
    [
        $$"""{apiVersion: v1, kind: Namespace, metadata: {name: "{{Doomed}}"} }""",
        scene.Service("neighbour", 50, Doomed),
        scene.Slice("neighbour", Doomed),
        $$"""
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: neighbour, namespace: {{Doomed}}}
        spec:
          targetRefs: [{kind: Service, name: neighbour}]
          timeouts: {request: 60s}
        """,
    ]);
}
