// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds.Snapshots;

namespace Mesh.EndToEnd.Tests.Translation;

/// <summary>
/// The listeners for redirected connections. Without a redirect a connection's destination is the listener's own port, so services on
/// just these ports show that the chains find them by destination.
/// </summary>
internal sealed class RedirectTests
{
    private const string Address = "127.96.78.1";

    [Test]
    public async Task Destination_of_a_connection_finds_its_service_in_redirect_mode()
    {
        await using var backend = await EchoServer.StartAsync("one", "127.1.78.100");
        using var banner = new TcpListener(IPAddress.Parse("127.1.78.101"), 0);
        banner.Start();
        var web = Meshes.Port("web", 15001);
        var opaque = Meshes.Port("mail", 15002);
        var http = Meshes.Port("api", 15003);
        var model = Meshes.Model(
            1,
            [
                Meshes.Service(Address, Meshes.ServicePort(web)),
                Meshes.Service(Address, Meshes.ServicePort(opaque, PortProtocol.Tcp)),
                Meshes.Service(Address, Meshes.ServicePort(http, PortProtocol.Http)),
            ],
            Meshes.Endpoints(web, backend.Endpoint),
            Meshes.Endpoints(http, backend.Endpoint),
            Meshes.Endpoints(opaque, Meshes.Endpoint("127.1.78.101", ((IPEndPoint)banner.LocalEndpoint).Port)));
        var node = new MeshNode(new NodeName("n1"), CaptureMode.Redirect);
        var snapshot = SnapshotBuilder.ForNode(SnapshotBuilder.Build(model, previous: null), node, previous: null);
        await using var envoy = await RealEnvoy.StartAsync(snapshot, CaptureMode.Redirect);
        using var client = new PodClient("127.1.78.11");

        Assert.That(envoy.Ads.Refusals, Is.Empty);
        Assert.That((await client.EchoAsync(PodClient.Get($"http://{Address}:15001/"))).Server, Is.EqualTo("one"));
        Assert.That((await client.EchoAsync(PodClient.Get($"http://{Address}:15003/"))).Server, Is.EqualTo("one"));
        Assert.That(await client.StatusAsync(PodClient.Get("http://127.96.78.2:15001/")), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await FirstBytesAsync(client, banner), Is.EqualTo("220 ready"));
    }

    private static async Task<string> FirstBytesAsync(PodClient client, TcpListener banner)
    {
        var accepting = banner.AcceptTcpClientAsync();
        await using var stream = await client.ConnectAsync(Address, 15002);
        using var server = await accepting.WithTimeout();
        await server.GetStream().WriteAsync("220 ready"u8.ToArray()).AsTask().WithTimeout();
        var buffer = new byte[64];
        var count = await stream.ReadAsync(buffer).AsTask().WithTimeout();
        return Encoding.ASCII.GetString(buffer, 0, count);
    }
}
