// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Mesh.Echo;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>
/// A cluster of an API server alone, the operator and a real Envoy on node "test", and pods that an echo server plays. The tests write what a
/// cluster's controllers would have written.
/// </summary>
internal sealed class ClusterWorld : IAsyncDisposable
{
    /// <summary>The node that Envoy runs on.</summary>
    public const string Node = "test";

    public const int Port = 8080;

    private const string Callers = "127.1.162.";

    private readonly EchoServer echo;

    private ClusterWorld(TestApiServer server, RunningMesh mesh, EchoServer echo) => (Server, Mesh, this.echo) = (server, mesh, echo);

    public TestApiServer Server { get; }

    public RunningMesh Mesh { get; }

    /// <summary>A pod of namespace web.</summary>
    public PodClient Caller { get; } = new(Callers + "9");

    /// <summary>Where pods of these names answer: "one" is the first of them.</summary>
    public static IReadOnlyList<string> Pods { get; } = ["one", "two", "three"];

    /// <summary>Loopback has one address of the other family only.</summary>
    public const string SixPod = "six";

    public static string AddressOf(string pod) => Callers + (Pods.ToList().IndexOf(pod) + 1);

    public static async Task<ClusterWorld> StartAsync()
    {
        var envoy = PinnedEnvoy.RequireBinary();
        if (!HasIPv6Loopback())
        {
            Assert.Ignore("This machine has no ::1 for a pod of two families");
        }

        var server = await TestApiServer.StartAsync("--service-cluster-ip-range=127.106.0.0/24");
        var pods = await EchoServer.StartAsync(
            [.. Pods.Select(pod => Pod(pod, AddressOf(pod), Port)), Pod(SixPod, "::1", 0)], CancellationToken.None);
        try
        {
            await server.DefineAsync(Definitions.Ours);
            await server.DefineAsync(Definitions.GatewayApi("httproutes"));
            await server.ApplyAsync(
                $$"""
                {apiVersion: v1, kind: Namespace, metadata: {name: {{Objects.Space}} } }
                ---
                {apiVersion: v1, kind: Namespace, metadata: {name: web} }
                ---
                {apiVersion: v1, kind: Node, metadata: {name: {{Node}}, labels: {topology.kubernetes.io/zone: a} } }
                ---
                {apiVersion: v1, kind: Pod, metadata: {name: caller, namespace: web}, spec: {nodeName: {{Node}}, containers: [{name: app, image: app}]} }
                """);
            await server.KubectlAsync(
                "patch", "pod", "caller", "-n", "web", "--subresource=status", "--type=merge", "-p",
                $$$"""{"status":{"phase":"Running","podIP":"{{{Callers}}}9","podIPs":[{"ip":"{{{Callers}}}9"}]}}""");
            return new ClusterWorld(server, await RunningMesh.StartInClusterAsync(server.Kubeconfig, envoy), pods);
        }
        catch
        {
            await pods.DisposeAsync();
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The port that pod "six" answers on.</summary>
    public int SixPort => echo.Pods.Single(pod => pod.Name == SixPod).Http[0].Port;

    /// <summary>Makes a service with one slice of endpoints; the URL that it is called by.</summary>
    public async Task<string> ServeAsync(string service, string spec, params IEnumerable<string> endpoints)
    {
        await Server.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: Service
            metadata: {name: {{service}}, namespace: {{Objects.Space}}}
            spec: {ports: [{name: http, port: {{Port}}}], {{spec}}}
            """);
        await SliceAsync(service, endpoints);
        var address = await Server.KubectlAsync("get", "service", service, "-n", Objects.Space, "-o", "jsonpath={.spec.clusterIP}");
        return $"http://{address}:{Port}/";
    }

    /// <summary>Writes the endpoints of a service anew and waits until Envoy has them.</summary>
    public async Task SliceAsync(string service, params IEnumerable<string> endpoints)
    {
        var written = endpoints.ToList();
        await ApplySliceAsync(service, "IPv4", Port, written);
        await Mesh.ModelAsync(model => model.Services.ContainsKey(new(Objects.Space, service)) && Addresses(model, service).SetEquals(written.Select(AddressIn)));
    }

    public async Task<string> ApplySliceAsync(string service, string family, int port, IEnumerable<string> endpoints) => await Server.ApplyAsync(
        $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: {{service}}-{{family.ToLowerInvariant()}}
          namespace: {{Objects.Space}}
          labels: {kubernetes.io/service-name: {{service}} }
        addressType: {{family}}
        ports: [{name: http, port: {{port}}}]
        endpoints: [{{string.Join(", ", endpoints)}}]
        """);

    /// <summary>An endpoint of a slice.</summary>
    public static string Endpoint(string pod, string more = "") =>
        $$"""{addresses: [{{AddressOf(pod)}}], targetRef: {kind: Pod, name: {{pod}}, namespace: {{Objects.Space}}}{{(more.Length == 0 ? "" : ", " + more)}} }""";

    /// <summary>Who answers, sorted.</summary>
    public async Task<string> AnswersAsync(string url, int calls = 60)
    {
        var pods = new SortedSet<string>(StringComparer.Ordinal);
        for (var call = 0; call < calls; call++)
        {
            var answer = await Caller.GetAsync(url).WithTimeout();
            pods.Add(answer.Status == 200 ? answer.Pod : $"status {answer.Status}");
        }

        return string.Join(' ', pods);
    }

    public async ValueTask DisposeAsync()
    {
        Caller.Dispose();
        await Mesh.DisposeAsync();
        await echo.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static HashSet<string> Addresses(Model.MeshModel model, string service) =>
        [.. model.Endpoints[new(new(Objects.Space, service), Port)].Endpoints.Select(endpoint => endpoint.Address + " " + endpoint.Health)];

    private static string AddressIn(string endpoint) =>
        endpoint.Split('[', ']')[1] + (endpoint.Contains("terminating: true", StringComparison.Ordinal) ? " Draining" : " Ready");

    private static EchoPod Pod(string name, string address, int port) =>
        new() { Namespace = Objects.Space, Name = name, Http = [new IPEndPoint(IPAddress.Parse(address), port)] };

    private static bool HasIPv6Loopback() => Socket.OSSupportsIPv6 && NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(static adapter => adapter.GetIPProperties().UnicastAddresses)
        .Any(static address => address.Address.Equals(IPAddress.IPv6Loopback));
}
