// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Crds.V1Alpha1;
using Mesh.Echo;
using Mesh.Operator.Sources;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>The whole way from YAML to calls of a gRPC client and back to the status, over the operator's unix socket.</summary>
internal sealed class FileModeTests
{
    private const string Target = "cart.shop:8080";
    private const string ServesMany = "1000000";

    private static readonly ObjectKey Route = new("GRPCRoute", "shop", "cart");
    private static readonly ObjectKey Policy = new("TrafficPolicy", "shop", "cart");

    [Test]
    public async Task Route_and_policy_are_in_force_at_a_grpc_client_and_say_what_it_cannot_do()
    {
        GrpcGo.Require();
        await using var pods = await EchoServer.StartAsync([Pod("cart-v1", "127.1.93.1"), Pod("cart-v2", "127.1.93.2")], CancellationToken.None).WithTimeout();
        await using var mesh = await RunningMesh.StartAsync(envoy: null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["shop.yaml"] = Service("cart", 1) + Service("cart-v1", 2) + Service("cart-v2", 3) + PodOf("cart-v1", "127.1.93.1") + PodOf("cart-v2", "127.1.93.2"),
            ["route.yaml"] = RouteWith("weight: 80", "weight: 20"),
        });
        var bootstrap = Path.Combine(mesh.StateFolder, "grpc.json");
        await GrpcBootstrap.WriteAsync(bootstrap, "unix://" + mesh.SocketPath, "shop");

        var counts = await GrpcGo.CallAsync(bootstrap, Target, "-n", "1000");
        await mesh.Ledger.WaitForAsync(static proxies => !proxies.Any(static proxy => proxy.IsProxyless));
        await using var client = GrpcGo.Call(bootstrap, Target, "-n", ServesMany, "-timeout", "1s", "-every", "10ms");
        var status = await mesh.StatusAsync(Route, document => document.AllConditions.Any(static c => c.Message == "In force on 2/2 proxies."));

        Assert.That(counts.Failed, Is.Zero, counts.Words);
        Assert.That(counts["cart-v1"], Bounds.Share(0.8, 1000));
        Assert.That(status.Status.Proxies.Applied, Is.EqualTo(2));

        await mesh.WriteAsync("policy.yaml", IdleLimit);
        var policy = await mesh.StatusAsync(Policy, document => document.AllConditions.Any(static c => c.Reason == "PartiallyProgrammed"));
        Assert.That(policy.AllConditions.Select(static c => c.Message), Has.Some.Contains(
            "grpc/client-1 does without an idle time-out of streams, as gRPC without a proxy must"));

        await mesh.WriteAsync("route.yaml", RouteWith("weight: 80", "weight: 20, filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-a, value: b}]}}]"));

        // The reason comes with the first proxy that has it; the count is right when the other one has answered, too.
        var refused = await mesh.StatusAsync(Route, document => document.AllConditions.Any(static c => c is
        {
            Reason: "Unenforceable",
            Message: "In force on 1/2 proxies. grpc/client-1: gRPC without a proxy cannot do changes of headers, so the calls that it is for fail (Route r/shop/cart:8080).",
        }));
        Assert.That(refused.AllConditions.Single(static c => c.Reason == "Unenforceable").Status, Is.EqualTo(ConditionStatus.False));
    }

    private const string IdleLimit =
        """
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: cart, namespace: shop}
        spec:
          targetRefs: [{kind: Service, name: cart}]
          timeouts: {request: 5s, streamIdle: 30s}
        """;

    private static EchoPod Pod(string name, string address) =>
        new() { Namespace = "shop", Name = name, Grpc = [new IPEndPoint(IPAddress.Parse(address), 8080)] };

    private static string Service(string name, int number) =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: shop}
        spec:
          clusterIP: 127.96.93.{{number}}
          selector: {app: {{name}}}
          ports: [{name: grpc, port: 8080, appProtocol: kubernetes.io/h2c}]
        ---

        """;

    private static string PodOf(string service, string address) =>
        $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{service}}, namespace: shop, labels: {app: {{service}} } }
        status: {phase: Running, podIP: {{address}}}
        ---

        """;

    private static string RouteWith(string first, string second) =>
        $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: GRPCRoute
        metadata: {name: cart, namespace: shop}
        spec:
          parentRefs: [{group: "", kind: Service, name: cart}]
          rules:
          - backendRefs:
            - {name: cart-v1, port: 8080, {{first}}}
            - {name: cart-v2, port: 8080, {{second}}}
        """;
}
