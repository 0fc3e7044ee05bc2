// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>The whole operator on a cluster, with a simulated node.</summary>
internal sealed class KubernetesModeTests
{
    // Services that a proxy can listen for.
    private const string LoopbackServices = "--service-cluster-ip-range=127.105.0.0/24";

    private static readonly ObjectKey Policy = new("TrafficPolicy", Objects.Space, "cart");

    [Test]
    public async Task Policy_that_kubectl_applies_is_programmed_and_so_is_its_next_generation()
    {
        await using var server = await TestApiServer.StartAsync(LoopbackServices);
        await server.DefineAsync(Definitions.Ours);
        await server.ApplyAsync(Shop);
        await using var mesh = await RunningMesh.StartInClusterAsync(server.Kubeconfig, envoy: null);

        await server.ApplyAsync(Objects.Policy("cart", "{targetRefs: [{kind: Service, name: cart}], timeouts: {request: 2s}}"));
        var first = await mesh.ProgrammedAsync(Policy);
        await server.ApplyAsync(Objects.Policy("cart", "{targetRefs: [{kind: Service, name: cart}], timeouts: {request: 3s}}"));
        var second = await mesh.ProgrammedAsync(Policy, generation: 2);
        await server.ApplyAsync(Objects.Policy("cart", "{targetRefs: [{kind: Service, name: nobody}], timeouts: {request: 3s}}"));
        var lost = await mesh.StatusAsync(Policy, document => document.Status.Generation == 3 && document.AllConditions.Any(condition => condition.Status == ConditionStatus.False));
        await server.KubectlAsync("delete", "trafficpolicies", "cart", "-n", Objects.Space);
        await mesh.GoneAsync(Policy);

        Assert.That(first.Status.Proxies.ToString(), Is.EqualTo("1/1"));
        Assert.That(second.Status.Generation, Is.EqualTo(2));
        Assert.That(lost.AllConditions.First(condition => condition.Status == ConditionStatus.False && condition.Type != ConditionTypes.Programmed).Message, Does.Contain("nobody"));
    }

    [Test]
    public async Task Metrics_show_what_is_watched()
    {
        await using var server = await TestApiServer.StartAsync(LoopbackServices);
        await server.ApplyAsync(Shop);
        await using var mesh = await RunningMesh.StartInClusterAsync(server.Kubeconfig, envoy: null);

        var metrics = await mesh.MetricsAsync().WithTimeout();

        Assert.That(metrics, Does.Contain("mesh_watch_lists_total{kind=\"Service\"} 1\n"));
        Assert.That(metrics, Does.Contain("mesh_watch_requests_total{kind=\"Service\"} 1\n"));
        Assert.That(metrics, Does.Match("mesh_watch_objects{kind=\"Service\"} [1-9]"));
        Assert.That(metrics, Does.Match("mesh_watch_last_event_age_seconds{kind=\"Service\"} [0-9]"));
    }

    [Test]
    public async Task Status_write_changes_nothing_and_causes_no_other()
    {
        await using var server = await TestApiServer.StartAsync(LoopbackServices);
        await server.DefineAsync(Definitions.Ours);
        await server.ApplyAsync($$"""{apiVersion: v1, kind: Namespace, metadata: {name: mesh-system} }""");
        await server.ApplyAsync(Shop);
        await using var mesh = await RunningMesh.StartInClusterAsync(server.Kubeconfig, envoy: null);
        await server.ApplyAsync(Objects.Policy("cart", "{targetRefs: [{kind: Service, name: cart}], timeouts: {request: 2s}}"));
        await server.KubectlAsync("wait", "--for=condition=Programmed", "trafficpolicy/cart", "-n", Objects.Space, "--timeout=150s");
        var written = await VersionAsync(server);
        var revision = mesh.Store.Current.Revision.Value;

        // The watch of the kind brings the written status before this one, which is of nobody's interest.
        await server.ApplyAsync(Objects.Policy("other", "{targetRefs: [{kind: Service, name: nobody}], timeouts: {request: 2s}}"));
        await server.KubectlAsync("wait", "--for=condition=Accepted=False", "trafficpolicy/other", "-n", Objects.Space, "--timeout=150s");

        // One change: the other policy.
        Assert.That(mesh.Store.Current.Revision.Value - revision, Is.EqualTo(1));
        Assert.That(await VersionAsync(server), Is.EqualTo(written));
    }

    private static Task<string> VersionAsync(TestApiServer server) =>
        server.KubectlAsync("get", "trafficpolicy", "cart", "-n", Objects.Space, "-o", "jsonpath={.metadata.resourceVersion}");

    private const string Shop =
        $$"""
        apiVersion: v1
        kind: Namespace
        metadata: {name: {{Objects.Space}}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: cart, namespace: {{Objects.Space}}}
        spec:
          selector: {app: cart}
          ports: [{name: http, port: 8080}]
        """;
}
