// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mesh.Echo;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Replicas;

/// <summary>
/// A cluster of one service, two operators that serve it, and nodes n0 and n1 with real Envoys, all as processes of their own. Each node asks the
/// operator of its number through a relay that can lead to the other one.
/// </summary>
internal sealed class ReplicaScene : IAsyncDisposable
{
    private static readonly TimeSpan Limit = Timeouts.Default * 4;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mesh-replicas-");
    private readonly ReservedPort[] ports = [new(), new()];
    private readonly TcpRelay[] relays;
    private readonly ProgramProcess?[] operators = new ProgramProcess?[2];
    private readonly ProgramProcess?[] nodes = new ProgramProcess?[2];
    private readonly string envoy;
    private readonly int net;
    private EchoServer? echo;
    private string address = string.Empty;

    private ReplicaScene(TestApiServer server, string envoy, int net)
    {
        Server = server;
        this.envoy = envoy;
        this.net = net;
        relays = [.. ports.Select(static port => new TcpRelay(port.EndPoint.Port))];
    }

    public TestApiServer Server { get; }

    public string Client => Invariant($"127.1.{net}.9");

    public string Url => $"http://{address}:8080/a";

    /// <summary>Where an operator serves xDS.</summary>
    public Uri Xds(int replica) => new($"http://{ports[replica].EndPoint}");

    /// <summary>Both operators are ready, and the first one leads.</summary>
    /// <param name="net">Third byte of all addresses, so that scenes can be played side by side.</param>
    /// <param name="isReachable">The first one says where other replicas reach it.</param>
    public static async Task<ReplicaScene> StartAsync(int net, bool isReachable = true)
    {
        var binary = PinnedEnvoy.RequireBinary();
        var scene = new ReplicaScene(await TestApiServer.StartAsync(Invariant($"--service-cluster-ip-range=127.108.{net}.0/24")), binary, net);
        try
        {
            await scene.FillAsync();
            scene.StartOperator(0, isReachable);
            await scene.LeadsAsync(0);
            scene.StartOperator(1);
            await scene.Operator(1).ReadyAsync().WithTimeout(Limit);
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    public ProgramProcess Operator(int replica) => operators[replica] ?? throw new InvalidOperationException($"Operator {replica} does not run.");

    public void StartOperator(int replica, bool isReachable = true)
    {
        string[] listen = isReachable ? ["--listen", ports[replica].EndPoint.ToString()] : [];
        operators[replica] = ProgramProcess.Start(
            Path.Combine(folder.FullName, $"operator{replica}.log"),
            [
                "run", "--kubernetes", "--kubeconfig", Server.Kubeconfig, "--state", Path.Combine(folder.FullName, $"operator{replica}"),
                "--proxy", "external", "--plain", .. listen,
            ]);
    }

    public Task LeadsAsync(int replica) => Operator(replica).AnswerAsync("/metrics", static text => text.Contains("\nmesh_leader 1\n", StringComparison.Ordinal)).WithTimeout(Limit);

    /// <summary>Without a goodbye; its node's connections break.</summary>
    public async Task KillAsync(int replica)
    {
        await Operator(replica).KillAsync();
        operators[replica] = null;
    }

    public async Task<string> StopAsync(int replica)
    {
        var end = await Operator(replica).StopAsync();
        operators[replica] = null;
        return end;
    }

    public async Task StartNodeAsync(int node)
    {
        var process = ProgramProcess.Start(
            Path.Combine(folder.FullName, $"node{node}.log"),
            "node", "--node", $"n{node}", "--control-plane", Invariant($"127.0.0.1:{relays[node].Port}"),
            "--state", Path.Combine(folder.FullName, $"n{node}"), "--envoy", envoy, "--drain", "0");
        nodes[node] = process;
        await process.ReadyAsync().WithTimeout(Limit);
    }

    /// <summary>The node asks this operator from now on.</summary>
    public void Move(int node, int replica) => relays[node].Redirect(ports[replica].EndPoint.Port);

    /// <summary>A number of an operator's metrics, as soon as so many proxies are connected to it and owe no answer.</summary>
    public async Task<double> SettledAsync(int replica, int proxies, string metric)
    {
        var text = await Operator(replica)
            .AnswerAsync("/metrics", text => Number(text, "mesh_connected_proxies") == proxies && Number(text, "mesh_pending_resources") == 0)
            .WithTimeout(Limit);
        return Number(text, metric);
    }

    /// <summary>The policy: what matches gets a header that tells its version.</summary>
    public Task<string> ApplyPolicyAsync(string expression, string version) => Server.ApplyAsync(
        $$"""
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: cart, namespace: shop}
        spec:
          targetRefs: [{kind: Service, name: cart}]
          rules:
          - matches:
            - path: {type: RegularExpression, value: "{{expression}}"}
            filters:
            - type: RequestHeaderModifier
              requestHeaderModifier: {set: [{name: x-rules, value: "{{version}}"}]}
            backendRefs: [{name: cart, port: 8080}]
        """);

    /// <summary>The policy as soon as this generation is in force on all of so many proxies.</summary>
    public async Task<JsonObject> ProgrammedAsync(long generation, string proxies)
    {
        await WaitAsync(Invariant($"jsonpath={{.status.observedGeneration}}={generation}"), "trafficpolicy/cart");
        await WaitAsync($"jsonpath={{.status.summary.proxies}}={proxies}", "trafficpolicy/cart");
        await WaitAsync("condition=Programmed", "trafficpolicy/cart");
        return await ReadAsync("trafficpolicy", "cart");
    }

    /// <summary>Waits by kubectl, whose watch is the signal.</summary>
    public async Task WaitAsync(string @for, string @object)
    {
        var outcome = await Server.TryKubectlAsync("wait", $"--for={@for}", @object, "-n", "shop", "--timeout=150s");
        if (outcome.ExitCode != 0)
        {
            var status = await Server.TryKubectlAsync("get", @object, "-n", "shop", "-o", "jsonpath={.status}");
            throw new TimeoutException($"{@object} did not get {@for}; it is {status.StandardOutput}");
        }
    }

    public async Task<JsonObject> ReadAsync(string kind, string name) =>
        JsonNode.Parse(await Server.KubectlAsync("get", kind, name, "-n", "shop", "-o", "json"))!.AsObject();

    public static JsonObject Condition(JsonObject item, string type) =>
        item["status"]!["conditions"]!.AsArray().Select(static node => node!.AsObject()).Single(condition => (string?)condition["type"] == type);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in nodes.Concat(operators).OfType<ProgramProcess>())
        {
            await process.StopAsync();
        }

        foreach (var relay in relays)
        {
            await relay.DisposeAsync();
        }

        if (echo is not null)
        {
            await echo.DisposeAsync();
        }

        await Server.DisposeAsync();
        Array.ForEach(ports, static port => port.Dispose());
        folder.Delete(recursive: true);
    }

    private async Task FillAsync()
    {
        var pod = Invariant($"127.1.{net}.1");
        echo = await EchoServer.StartAsync([new EchoPod { Namespace = "shop", Name = "cart-1", Http = [new IPEndPoint(IPAddress.Parse(pod), 8080)] }], CancellationToken.None);
        await Server.DefineAsync(Definitions.Ours);
        await Server.ApplyAsync(
            $$"""
            {apiVersion: v1, kind: Namespace, metadata: {name: mesh-system} }
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: shop} }
            ---
            {apiVersion: v1, kind: Service, metadata: {name: cart, namespace: shop}, spec: {ports: [{name: http, port: 8080}]} }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: cart-1, namespace: shop, labels: {kubernetes.io/service-name: cart} }
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [{{pod}}], conditions: {ready: true}, targetRef: {kind: Pod, name: cart-1, namespace: shop} }]
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: cart-1, namespace: shop}, spec: {containers: [{name: app, image: app}]} }
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: caller, namespace: shop}, spec: {containers: [{name: app, image: app}]} }
            """);
        foreach (var (name, ip) in new[] { ("cart-1", pod), ("caller", Client) })
        {
            var status = $$$"""{"status":{"phase":"Running","podIP":"{{{ip}}}","podIPs":[{"ip":"{{{ip}}}"}]}}""";
            await Server.KubectlAsync("patch", "pod", name, "-n", "shop", "--subresource=status", "--type=merge", "-p", status);
        }

        address = await Server.KubectlAsync("get", "service", "cart", "-n", "shop", "-o", "jsonpath={.spec.clusterIP}");
    }

    private static double Number(string metrics, string name) =>
        Regex.Match(metrics, $"^{name} (?<n>[0-9.e+]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)) is { Success: true } match
            ? double.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture)
            : double.NaN;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
