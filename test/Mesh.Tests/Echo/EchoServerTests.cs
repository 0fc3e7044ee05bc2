// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Echo;
using Mesh.Echo.V1;
using Mesh.Testing;

namespace Mesh.Tests.Echo;

public sealed class EchoServerTests
{
    private static readonly IPEndPoint Any = new(IPAddress.Loopback, 0);

    private EchoServer? _server;

    private EchoPod First => _server!.Pods[0]; // Set up before each test.

    [SetUp]
    public async Task StartAsync() =>
        _server = await EchoServer.StartAsync(
            [
                new EchoPod { Namespace = "shop", Name = "cart-v1", Version = "v1", Http = [Any], Grpc = [Any], Tcp = [Any], Banner = [Any] },
                new EchoPod { Namespace = "shop", Name = "cart-v2", Version = "v2", Http = [Any] },
            ],
            CancellationToken.None).WithTimeout();

    [TearDown]
    public async Task StopAsync() => await _server!.DisposeAsync(); // Set up before each test.

    [TestCase("1.1")]
    [TestCase("2.0")]
    public async Task Http_request_is_answered_with_pod_and_what_arrived(string version)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"http://{_server!.Pods[1].Http[0]}/a?b=1"))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("12345"),
            Headers = { { "x-many", ["1", "2"] } },
        };

        using var response = await client.SendAsync(request).WithTimeout();
        var echo = JsonNode.Parse(await response.Content.ReadAsStringAsync().WithTimeout())!; // Else the test fails.

        Assert.That($"{echo["namespace"]}/{echo["pod"]} {echo["version"]} {echo["method"]} {echo["path"]} {echo["bodyBytes"]}",
            Is.EqualTo("shop/cart-v2 v2 PUT /a?b=1 5"));
        Assert.That($"{echo["protocol"]}", Is.EqualTo(version == "2.0" ? "HTTP/2" : "HTTP/1.1"));
        Assert.That(string.Join(',', echo["headers"]!["x-many"]!.AsArray().Select(value => $"{value}")).Replace(" ", "", StringComparison.Ordinal), Is.EqualTo("1,2"));
    }

    [Test]
    public async Task Http_path_orders_status_and_stream()
    {
        using var client = new HttpClient();

        using var failed = await client.GetAsync(new Uri($"http://{First.Http[0]}/status/503")).WithTimeout();
        var lines = await client.GetStringAsync(new Uri($"http://{First.Http[0]}/stream/3")).WithTimeout();

        Assert.That(failed.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(lines, Is.EqualTo("0\n1\n2\n"));
    }

    [Test]
    public async Task WebSocket_gets_back_what_it_sends()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{First.Http[0]}/ws"), CancellationToken.None).WithTimeout();
        var buffer = new byte[16];

        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).WithTimeout();
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None).WithTimeout();

        Assert.That(Encoding.UTF8.GetString(buffer, 0, received.Count), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Grpc_call_is_answered_on_the_grpc_port_and_on_the_http_port()
    {
        foreach (var address in new[] { First.Grpc[0], First.Http[0] })
        {
            using var channel = GrpcChannel.ForAddress($"http://{address}");
            var echo = new Mesh.Echo.V1.Echo.EchoClient(channel);

            var reply = await echo.UnaryAsync(new EchoRequest { Message = "hi" }, new Grpc.Core.Metadata { { "x-test", "1" } }).ResponseAsync.WithTimeout();
            using var stream = echo.ServerStream(new EchoRequest { Count = 3 });
            var indexes = new List<int>();
            await foreach (var one in stream.ResponseStream.ReadAllAsync())
            {
                indexes.Add(one.Index);
            }

            Assert.That($"{reply.Namespace}/{reply.Pod} {reply.Version} {reply.Message} {reply.Method}", Is.EqualTo("shop/cart-v1 v1 hi /mesh.echo.v1.Echo/Unary"));
            Assert.That(reply.Metadata.Single(metadata => metadata.Name == "x-test").Values, Is.EqualTo(new[] { "1" }));
            Assert.That(indexes, Is.EqualTo(new[] { 0, 1, 2 }));
        }
    }

    [Test]
    public async Task Tcp_ports_echo_and_the_banner_port_speaks_first()
    {
        Assert.That(await TalkAsync(First.Tcp[0], "ping"), Is.EqualTo("ping"));
        Assert.That(await TalkAsync(First.Banner[0], ""), Is.EqualTo("shop/cart-v1 v1\n"));
    }

    private static async Task<string> TalkAsync(IPEndPoint address, string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address).WithTimeout();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask().WithTimeout();
        var buffer = new byte[64];
        var read = await stream.ReadAsync(buffer).AsTask().WithTimeout();
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
