// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Echo;
using Mesh.Operator.Sources;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Nacks;

/// <summary>
/// A cart and a catalog behind a real Envoy, with a policy on each and one of rules on the cart. Each fixture has addresses of its own.
/// </summary>
internal sealed class Shop : IAsyncDisposable
{
    /// <summary>
    /// An expression that every check of ours lets pass: RE2 can read it, and only compiling it shows that its program is larger than
    /// the bootstrap allows (re2.max_program_size.error_level).
    /// </summary>
    public const string TooLarge = "/a{600}|/b{600}";

    public static readonly ObjectKey Rules = new("TrafficPolicy", "shop", "cart-rules");
    public static readonly ObjectKey CartLimits = new("TrafficPolicy", "shop", "cart-limits");
    public static readonly ObjectKey CatalogLimits = new("TrafficPolicy", "shop", "catalog-limits");

    private readonly EchoServer echo;
    private readonly PodClient client;
    private readonly int net;

    private Shop(int net, EchoServer echo, RunningMesh mesh, PodClient client)
    {
        this.net = net;
        this.echo = echo;
        this.client = client;
        Mesh = mesh;
    }

    public RunningMesh Mesh { get; }

    /// <param name="net">Distinguishes the loopback addresses of fixtures that run at the same time.</param>
    /// <param name="rules">The content of rules.yaml.</param>
    public static async Task<Shop> StartAsync(int net, string rules)
    {
        var envoy = PinnedEnvoy.RequireBinary();
        var pods = await EchoServer.StartAsync([Pod("cart", $"127.1.{net}.1"), Pod("catalog", $"127.1.{net}.2")], CancellationToken.None);
        var files = new Dictionary<string, string>(StringComparer.Ordinal) { ["shop.yaml"] = Objects(net), ["rules.yaml"] = rules };
        var mesh = await RunningMesh.StartAsync(envoy, files);
        return new Shop(net, pods, mesh, new PodClient($"127.1.{net}.9"));
    }

    /// <summary>A policy of one rule; what arrives says by a header which version of it was in force.</summary>
    public static string RulesPolicy(string expression, string version) =>
        $$"""
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: cart-rules, namespace: shop}
        spec:
          targetRefs: [{kind: Service, name: cart}]
          rules:
          - matches:
            - path: {type: RegularExpression, value: "{{expression}}"}
            filters:
            - type: RequestHeaderModifier
              requestHeaderModifier: {set: [{name: x-rules, value: {{version}}}]}
            backendRefs: [{name: cart, port: 8080}]
        """;

    public Task<EchoAnswer> GetCartAsync() => client.GetAsync($"http://127.96.{net}.1:8080/a").WithTimeout();

    public Task<EchoAnswer> GetCatalogAsync() => client.GetAsync($"http://127.96.{net}.2:8080/a").WithTimeout();

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Mesh.DisposeAsync();
        await echo.DisposeAsync();
    }

    private static EchoPod Pod(string name, string address) => new()
    {
        Namespace = "shop",
        Name = name,
        Service = name,
        Http = [new IPEndPoint(IPAddress.Parse(address), 8080)],
    };

    private static string Objects(int net) =>
        Service("cart", net, 1) + Service("catalog", net, 2) + Limits("cart", ", sectionName: http") + Limits("catalog", "")
        + $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: front, namespace: shop}
        status: {phase: Running, podIP: 127.1.{{net}}.9}
        """;

    private static string Service(string name, int net, int number) =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: shop}
        spec:
          clusterIP: 127.96.{{net}}.{{number}}
          selector: {app: {{name}}}
          ports: [{name: http, port: 8080}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}-1, namespace: shop, labels: {app: {{name}} } }
        status: {phase: Running, podIP: 127.1.{{net}}.{{number}}}
        ---

        """;

    private static string Limits(string name, string section) =>
        $$"""
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: {{name}}-limits, namespace: shop}
        spec:
          targetRefs: [{kind: Service, name: {{name}}{{section}}}]
          timeouts: {request: 10s}
        ---

        """;
}
