// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Model.Settings;
using Mesh.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.EndToEnd.Tests.Translation;

/// <summary>Settings and protocols as a real Envoy carries them out.</summary>
internal sealed class PolicyTests
{
    private TrafficWorld world = null!; // set before every test
    private EchoServer one = null!; // set before every test
    private EchoServer mirror = null!; // set before every test
    private TcpListener banner = null!; // set before every test
    private string plain = "";
    private string retrying = "";
    private string limited = "";
    private string faulty = "";
    private string mirrored = "";
    private string grpc = "";
    private string detected = "";
    private string empty = "";
    private string hashed = "";
    private Uri opaque = new("http://localhost");
    private Uri undeclared = new("http://localhost");
    private string declared = "";
    private ServicePortName changing;
    private string changingUrl = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        world = new TrafficWorld();
        one = await world.AddBackendAsync("one");
        mirror = await world.AddBackendAsync("mirror");
        var two = await world.AddBackendAsync("two");
        var h2 = await world.AddBackendAsync("h2", HttpProtocols.Http2);
        banner = new TcpListener(IPAddress.Parse("127.1.77.101"), 0);
        banner.Start();
        plain = world.AddService("plain", [one.Endpoint]).Url;
        empty = world.AddService("empty", []).Url;
        retrying = Add("retrying", s => s with { Retries = Retry() });
        limited = Add("limited", s => s with { Timeouts = s.Timeouts with { Request = TimeSpan.FromMilliseconds(200) } });
        faulty = Add("faulty", s => s with { Fault = Teapot });
        var copies = world.AddService("copies", [mirror.Endpoint]).Port;
        mirrored = world.AddService("mirrored", [one.Endpoint], p => p with
        {
            Routes = Meshes.Routes(p.Routes.Producer[0] with { Mirrors = [new Mirror(copies, 1_000_000)] }),
        }).Url;
        hashed = world.AddService("hashed", [one.Endpoint, two.Endpoint], p => p with
        {
            Cluster = p.Cluster with { LoadBalancing = p.Cluster.LoadBalancing with { Algorithm = LoadBalancingAlgorithm.RingHash } },
            Routes = Meshes.Routes(p.Routes.Producer[0] with
            {
                Settings = RouteSettings.Default with { HashPolicies = [Hash("x-user"), Hash("x-other")] },
            }),
        }).Url;
        grpc = world.AddService("grpc", [h2.Endpoint], p => p with { Protocol = PortProtocol.Http2 }).Url;
        detected = world.AddService("detected", [h2.Endpoint]).Url;
        var listening = (IPEndPoint)banner.LocalEndpoint;
        opaque = new Uri(world.AddService(
            "opaque",
            [Meshes.Endpoint("127.1.77.101", listening.Port)],
            p => p with { Protocol = PortProtocol.Tcp }).Url);
        undeclared = new Uri(world.AddService("undeclared", [Meshes.Endpoint("127.1.77.101", listening.Port)]).Url);
        declared = world.AddService("declared", [one.Endpoint], p => p with
        {
            Protocol = PortProtocol.Http,
            Routes = Meshes.Routes(p.Routes.Producer[0] with { Settings = RouteSettings.Default with { Fault = Teapot } }),
        }).Url;
        (changing, changingUrl) = world.AddService("changing", [one.Endpoint]);
        await world.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        banner.Dispose();
        await world.DisposeAsync();
    }

    [Test]
    public async Task Retry_hides_one_failure()
    {
        var request = PodClient.Get(retrying, ("x-test-fail-once", Guid.NewGuid().ToString()));

        Assert.That(await world.Caller.StatusAsync(request), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Without_retries_a_failure_is_seen()
    {
        var request = PodClient.Get(plain, ("x-test-fail-once", Guid.NewGuid().ToString()));

        Assert.That(await world.Caller.StatusAsync(request), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task Request_timeout_answers_504()
    {
        Assert.That(await world.Caller.StatusAsync(PodClient.Get(limited, ("x-test-hang", "1"))), Is.EqualTo(HttpStatusCode.GatewayTimeout));
    }

    [Test]
    public async Task Fault_aborts_with_its_status()
    {
        Assert.That((int)await world.Caller.StatusAsync(PodClient.Get(faulty)), Is.EqualTo(418));
    }

    [Test]
    public async Task Client_that_is_slow_to_begin_is_under_the_rules_of_an_http_port()
    {
        await using var slow = await world.Caller.ConnectAsync(new Uri(declared).Host, new Uri(declared).Port);

        // A silent client of an undeclared port reaches its server when Envoy no longer waits for bytes; this one began later.
        var accepting = banner.AcceptTcpClientAsync();
        await using var silent = await world.Caller.ConnectAsync(undeclared.Host, undeclared.Port);
        using var server = await accepting.WithTimeout();

        await slow.WriteAsync("GET / HTTP/1.1\r\nHost: faulty\r\nConnection: close\r\n\r\n"u8.ToArray()).AsTask().WithTimeout();

        using var reader = new StreamReader(slow);
        Assert.That(await reader.ReadToEndAsync().WithTimeout(), Does.StartWith("HTTP/1.1 418"));
    }

    [Test]
    public async Task Service_without_endpoints_answers_503()
    {
        Assert.That(await world.Caller.StatusAsync(PodClient.Get(empty)), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task Mirror_gets_a_copy_with_the_same_host()
    {
        var echo = await world.Caller.EchoAsync(PodClient.Get(mirrored + "/copy"));

        var copy = await mirror.NextAsync();

        Assert.That(copy.Target, Is.EqualTo("/copy"));
        Assert.That(copy.Headers["Host"], Is.EqualTo(echo.Headers["Host"]));
    }

    [Test]
    public async Task First_hash_that_a_request_carries_keeps_a_user_at_one_endpoint()
    {
        var servers = new HashSet<string>(StringComparer.Ordinal);
        for (var user = 0; user < 40; user++)
        {
            var request = (string other) => PodClient.Get(hashed, ("x-user", $"u{user}"), ("x-other", other));
            var first = (await world.Caller.EchoAsync(request("a"))).Server;
            var second = (await world.Caller.EchoAsync(request("b"))).Server;
            Assert.That(second, Is.EqualTo(first));
            servers.Add(first);
        }

        Assert.That(servers, Is.EquivalentTo(new[] { "one", "two" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Grpc_passes_with_trailers_to_declared_and_undeclared_ports(bool isDeclared)
    {
        using var response = await world.Caller.SendAsync(PodClient.Grpc((isDeclared ? grpc : detected) + "/echo.Echo/Call"));
        var body = await response.Content.ReadAsStringAsync();

        Assert.That(body, Does.Contain("\"Protocol\":\"HTTP/2\""));
        Assert.That(response.TrailingHeaders.GetValues("grpc-status"), Is.EqualTo(new[] { "0" }));
    }

    [Test]
    public async Task Http1_client_reaches_a_port_declared_http2()
    {
        Assert.That((await world.Caller.EchoAsync(PodClient.Get(grpc))).Protocol, Is.EqualTo("HTTP/2"));
    }

    [Test]
    public async Task WebSocket_is_upgraded()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(plain.Replace("http:", "ws:", StringComparison.Ordinal)), world.Caller.Invoker, CancellationToken.None)
            .WithTimeout();

        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).WithTimeout();
        var buffer = new byte[64];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None).WithTimeout();

        Assert.That(Encoding.ASCII.GetString(buffer, 0, received.Count), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Opaque_port_lets_the_server_speak_first()
    {
        var accepting = banner.AcceptTcpClientAsync();
        await using var stream = await world.Caller.ConnectAsync(opaque.Host, opaque.Port);
        using var server = await accepting.WithTimeout();
        await server.GetStream().WriteAsync("220 ready\r\n"u8.ToArray()).AsTask().WithTimeout();

        var buffer = new byte[64];
        var count = await stream.ReadAsync(buffer).AsTask().WithTimeout();

        Assert.That(Encoding.ASCII.GetString(buffer, 0, count), Is.EqualTo("220 ready\r\n"));
    }

    [Test]
    public async Task Bytes_that_are_no_http_pass_through_an_undeclared_port()
    {
        await using var stream = await world.Caller.ConnectAsync(new Uri(plain).Host, new Uri(plain).Port);
        await stream.WriteAsync("\u0016\u0003\u0001 not http\r\n\r\n"u8.ToArray()).AsTask().WithTimeout();

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WithTimeout();

        // Kestrel's own refusal, not Envoy's: the bytes reached it.
        Assert.That(answer, Does.StartWith("HTTP/1.1 400").And.Contain("Content-Length: 0"));
    }

    [Test]
    public async Task Changed_route_is_followed_when_envoy_has_acknowledged()
    {
        Assert.That(await world.Caller.StatusAsync(PodClient.Get(changingUrl)), Is.EqualTo(HttpStatusCode.OK));

        await world.ReplaceAsync(2, changing, p => p with
        {
            Routes = Meshes.Routes(p.Routes.Producer[0] with
            {
                Settings = RouteSettings.Default with { Fault = Teapot },
            }),
        });

        Assert.That((int)await world.Caller.StatusAsync(PodClient.Get(changingUrl)), Is.EqualTo(418));
        Assert.That(world.Envoy.Ads.Refusals, Is.Empty);
    }

    private static Fault Teapot { get; } = new() { Delay = null, Abort = new FaultAbort(418, GrpcStatus: null, 1_000_000) };

    private static HashPolicy Hash(string header) => new(HashSource.Header, header, CookieTtl: null);

    private static Retries Retry() => new()
    {
        Attempts = 2,
        On = [RetryCondition.GatewayError],
        StatusCodes = [],
        PerTryTimeout = null,
        BackoffBase = TimeSpan.FromMilliseconds(25),
        BackoffMaximum = TimeSpan.FromMilliseconds(250),
    };

    private string Add(string name, Func<RouteSettings, RouteSettings> change) => world.AddService(name, [one.Endpoint], p => p with
    {
        Routes = Meshes.Routes(p.Routes.Producer[0] with { Settings = change(RouteSettings.Default) }),
    }).Url;
}
