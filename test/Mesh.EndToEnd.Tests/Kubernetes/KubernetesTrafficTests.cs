// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Echo;
using Mesh.Operator.Sources;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>Requests through a real Envoy that the operator configures from what a cluster's API server has.</summary>
internal sealed class KubernetesTrafficTests
{
    private const string Caller = "127.1.161.9";
    private const int Calls = 200;

    private static readonly ObjectKey Route = new("HTTPRoute", Objects.Space, "cart");

    [Test]
    public async Task Requests_follow_the_weights_of_a_route_and_a_change_by_kubectl()
    {
        var envoy = PinnedEnvoy.RequireBinary();
        await using var server = await TestApiServer.StartAsync("--service-cluster-ip-range=127.104.0.0/24");
        await server.DefineAsync(Definitions.Ours);
        await server.DefineAsync(Definitions.GatewayApi("httproutes"));
        var address = await FillAsync(server);
        await using var echo = await EchoServer.StartAsync([Pod("cart-v1", "127.1.161.1"), Pod("cart-v2", "127.1.161.2")], CancellationToken.None);
        await using var mesh = await RunningMesh.StartInClusterAsync(server.Kubeconfig, envoy);
        using var client = new PodClient(Caller);
        var url = $"http://{address}:8080/";

        await server.ApplyAsync(RouteYaml(50, 50));
        await mesh.ProgrammedAsync(Route);
        await client.AnsweredAsync(url);
        var half = await CountAsync(client, url);

        await server.ApplyAsync(RouteYaml(0, 100));
        await mesh.ProgrammedAsync(Route, generation: 2);
        var none = await CountAsync(client, url);

        // Seven standard deviations of a fair coin to either side.
        Assert.That(half, Is.InRange(50, 150));
        Assert.That(none, Is.EqualTo(0));
    }

    /// <summary>How many of the calls v1 answers.</summary>
    private static async Task<int> CountAsync(PodClient client, string url)
    {
        var first = 0;
        for (var i = 0; i < Calls; i++)
        {
            var answer = await client.GetAsync(url).WithTimeout();
            Assert.That(answer.Status, Is.EqualTo(200));
            first += answer.Pod == "cart-v1" ? 1 : 0;
        }

        return first;
    }

    private static EchoPod Pod(string name, string address) =>
        new() { Namespace = Objects.Space, Name = name, Http = [new IPEndPoint(IPAddress.Parse(address), 8080)] };

    /// <summary>Services with slices and pods, as a cluster's controllers and kubelets would have written them; the address that the server gave.</summary>
    private static async Task<string> FillAsync(TestApiServer server)
    {
        await server.ApplyAsync($$"""{apiVersion: v1, kind: Namespace, metadata: {name: {{Objects.Space}} } }""");
        string[] objects =
        [
            ServiceYaml("cart"), ServiceYaml("cart-v1"), ServiceYaml("cart-v2"),
            SliceYaml("cart-v1", "127.1.161.1"), SliceYaml("cart-v2", "127.1.161.2"),
            PodYaml("cart-v1"), PodYaml("cart-v2"), PodYaml("caller"),
        ];
        await server.ApplyAsync(string.Join("\n---\n", objects));
        foreach (var (name, address) in new[] { ("cart-v1", "127.1.161.1"), ("cart-v2", "127.1.161.2"), ("caller", Caller) })
        {
            await server.KubectlAsync(
                "patch", "pod", name, "-n", Objects.Space, "--subresource=status", "--type=merge", "-p",
                $$$"""{"status":{"phase":"Running","podIP":"{{{address}}}","podIPs":[{"ip":"{{{address}}}"}]}}""");
        }

        return await server.KubectlAsync("get", "service", "cart", "-n", Objects.Space, "-o", "jsonpath={.spec.clusterIP}");
    }

    private static string ServiceYaml(string name) =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: {{Objects.Space}}}
        spec:
          ports: [{name: http, port: 8080}]
        """;

    private static string SliceYaml(string service, string address) =>
        $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: {{service}}-1
          namespace: {{Objects.Space}}
          labels: {kubernetes.io/service-name: {{service}}}
        addressType: IPv4
        ports: [{name: http, port: 8080}]
        endpoints:
        - addresses: [{{address}}]
          conditions: {ready: true}
          targetRef: {kind: Pod, name: {{service}}, namespace: {{Objects.Space}}}
        """;

    private static string PodYaml(string name) =>
        $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, namespace: {{Objects.Space}}}
        spec:
          containers: [{name: app, image: app}]
        """;

    private static string RouteYaml(int first, int second) =>
        $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: cart, namespace: {{Objects.Space}}}
        spec:
          parentRefs: [{group: "", kind: Service, name: cart, port: 8080}]
          rules:
          - backendRefs:
            - {name: cart-v1, port: 8080, weight: {{first}}}
            - {name: cart-v2, port: 8080, weight: {{second}}}
        """;
}
