// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>
/// A cluster with our kinds in which replicas write statuses. What they serve they read from a folder that holds the same objects as the
/// cluster: these tests are about writing.
/// </summary>
internal sealed class StatusCluster : IAsyncDisposable
{
    public const string Mesh =
        """
        apiVersion: mesh.operator.dev/v1alpha1
        kind: Mesh
        metadata: {name: default}
        spec: {outboundTraffic: Passthrough}
        """;

    public const string Service =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: cart, namespace: shop}
        spec: {clusterIP: 127.96.161.1, ports: [{port: 8080, appProtocol: http}]}
        """;

    public const string Route =
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: cart, namespace: shop}
        spec:
          parentRefs: [{group: "", kind: Service, name: cart}]
          rules: [{backendRefs: [{name: cart, port: 8080}]}]
        """;

    public const string GrpcRoute =
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: GRPCRoute
        metadata: {name: pay, namespace: shop}
        spec:
          parentRefs: [{group: "", kind: Service, name: pay}]
          rules: [{backendRefs: [{name: pay, port: 8080}]}]
        """;

    private StatusCluster(TestApiServer server) => Server = server;

    public TestApiServer Server { get; }

    /// <param name="withRoutes">Gateway API's kinds are there too.</param>
    /// <param name="flags">More flags for the API server.</param>
    public static async Task<StatusCluster> StartAsync(bool withRoutes, params string[] flags)
    {
        string[] routes = withRoutes ? [Definitions.GatewayApi("httproutes"), Definitions.GatewayApi("grpcroutes")] : [];
        var server = await TestApiServer.StartAsync(flags);
        try
        {
            await server.DefineAsync([Definitions.Ours, .. routes]);
            await server.KubectlAsync("create", "namespace", "shop");
            await server.KubectlAsync("create", "namespace", "mesh-system");
            return new StatusCluster(server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public static string Policy(string name, string timeout) =>
        $$"""
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: {{name}}, namespace: shop}
        spec: {targetRefs: [{kind: Service, name: cart}], timeouts: {request: {{timeout}} } }
        """;

    /// <summary>An object of the cluster.</summary>
    public async Task<JsonObject> ReadAsync(string kind, string name) =>
        JsonNode.Parse(await Server.KubectlAsync("get", kind, name, "-n", "shop", "-o", "json", "--show-managed-fields"))!.AsObject();

    /// <summary>Waits by kubectl, whose watch is the signal.</summary>
    public Task WaitAsync(string @for, string @object) =>
        Server.KubectlAsync("wait", $"--for={@for}", @object, "-n", "shop", "--timeout=150s");

    /// <summary>The object is in force at this generation.</summary>
    public async Task ProgrammedAsync(string @object, long generation = 1)
    {
        await WaitAsync($"jsonpath={{.status.observedGeneration}}={generation}", @object);
        await WaitAsync("condition=Programmed", @object);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
