// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Envoy.Config.Cluster.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Hosting.Tls;
using Mesh.Xds.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.Tests.Hosting;

/// <summary>xDS over TLS: who comes in, and what happens when files change.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class MutualTlsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mesh-tls-");
    private readonly TestAuthority authority = new("mesh root");
    private readonly TestAuthority stranger = new("other root");
    private readonly RecordedLogs logs = new();
    private readonly HandMadeSnapshots mesh = new();

    public void Dispose()
    {
        authority.Dispose();
        stranger.Dispose();
        logs.Dispose();
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task Client_of_the_root_is_served_and_its_identity_known()
    {
        var resolver = new RecordingResolver();
        await using var server = await StartAsync(services => services.AddSingleton<INodeResolver>(resolver));
        using var certificate = authority.Issue("proxy", "spiffe://mesh.test/node/n1");

        var (names, shown) = await TlsClient.AskAsync(server.Address, certificate);

        Assert.That((names, shown), Is.EqualTo((new[] { "a" }, "CN=server")));
        Assert.That((resolver.Peer?.SpiffeId, resolver.Peer?.Subject), Is.EqualTo(("spiffe://mesh.test/node/n1", "CN=proxy")));
    }

    [Test]
    public async Task Client_without_certificate_is_refused()
    {
        await using var server = await StartAsync();

        await Assert.ThatAsync(() => TlsClient.AskAsync(server.Address, null), Throws.TypeOf<RpcException>());

        Assert.That(await logs.LineAsync("refused"), Does.Contain("certificate: none; reason: it presented none"));
    }

    [Test]
    public async Task Client_of_another_root_is_refused()
    {
        await using var server = await StartAsync();
        using var certificate = stranger.Issue("proxy");

        await Assert.ThatAsync(() => TlsClient.AskAsync(server.Address, certificate), Throws.TypeOf<RpcException>());

        Assert.That(await logs.LineAsync("refused"), Does.Contain("CN=proxy; reason: PartialChain"));
    }

    [Test]
    public async Task Client_whose_certificate_expired_is_refused()
    {
        await using var server = await StartAsync();
        using var certificate = authority.Issue("proxy", expired: true);

        await Assert.ThatAsync(() => TlsClient.AskAsync(server.Address, certificate), Throws.TypeOf<RpcException>());

        Assert.That(await logs.LineAsync("refused"), Does.Contain("CN=proxy; reason: NotTimeValid"));
    }

    [Test]
    public async Task Client_with_a_certificate_for_servers_only_is_refused()
    {
        await using var server = await StartAsync();
        using var certificate = authority.IssueForServersOnly("proxy");

        await Assert.ThatAsync(() => TlsClient.AskAsync(server.Address, certificate), Throws.TypeOf<RpcException>());

        Assert.That(await logs.LineAsync("refused"), Does.Contain("reason: NotValidForUsage"));
    }

    [Test]
    public async Task Changed_certificate_is_taken_without_a_restart()
    {
        await using var server = await StartAsync();
        using var certificate = authority.Issue("proxy");
        using var newer = authority.Issue("newer server");

        authority.Write(folder.FullName, newer);

        await logs.LineAsync("New certificate CN=newer server");
        Assert.That((await TlsClient.AskAsync(server.Address, certificate)).Server, Is.EqualTo("CN=newer server"));
    }

    [Test]
    public async Task Changed_roots_decide_who_comes_in()
    {
        await using var server = await StartAsync();
        using var mine = authority.Issue("proxy");
        using var theirs = stranger.Issue("proxy");
        using var newer = authority.Issue("newer server");

        authority.Write(folder.FullName, newer, clientRoots: stranger.RootPem);

        await logs.LineAsync("New certificate CN=newer server");
        Assert.That((await TlsClient.AskAsync(server.Address, theirs)).Names, Is.EqualTo(new[] { "a" }));
        await Assert.ThatAsync(() => TlsClient.AskAsync(server.Address, mine), Throws.TypeOf<RpcException>());
    }

    [Test]
    public async Task Bad_file_leaves_the_last_good_one_and_is_told_without_its_content()
    {
        await using var server = await StartAsync();
        using var certificate = authority.Issue("proxy");
        using var other = authority.Issue("other");
        var key = TestAuthority.KeyPem(other);

        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "tls.key"), key);

        var line = await logs.LineAsync("Changed certificate files are not used");
        Assert.That(line, Does.StartWith("Error").And.Contains("tls.key: holds no private key that belongs to the first certificate of"));
        Assert.That(logs.Lines, Has.None.Contains(key.Split('\n')[1]));
        Assert.That((await TlsClient.AskAsync(server.Address, certificate)).Server, Is.EqualTo("CN=server"));
    }

    [Test]
    public async Task File_that_is_gone_leaves_the_last_good_one()
    {
        await using var server = await StartAsync();
        using var certificate = authority.Issue("proxy");

        File.Delete(Path.Combine(folder.FullName, "ca.crt"));

        Assert.That(await logs.LineAsync("Changed certificate files are not used"), Does.Contain("ca.crt: there is no such file"));
        Assert.That((await TlsClient.AskAsync(server.Address, certificate)).Names, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task Server_certificate_that_expired_is_refused_at_start()
    {
        using var expired = authority.Issue("server", expired: true);
        var files = authority.Write(folder.FullName, expired);

        await Assert.ThatAsync(
            () => XdsServer.StartAsync(mesh.Store, tls: files), Throws.TypeOf<TlsFileException>().With.Message.Contains("tls.crt: expired at"));
    }

    [Test]
    public async Task Roots_without_a_root_are_refused_at_start()
    {
        using var server = authority.Issue("server");
        var files = authority.Write(folder.FullName, server, clientRoots: server.ExportCertificatePem());

        await Assert.ThatAsync(
            () => XdsServer.StartAsync(mesh.Store, tls: files), Throws.TypeOf<TlsFileException>().With.Message.Contains("ca.crt: holds no root"));
    }

    [Test]
    public async Task Client_is_told_that_the_control_plane_stops()
    {
        await using var server = await StartAsync();
        using var certificate = authority.Issue("proxy");
        using var handler = TlsClient.Handler(certificate);
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { HttpHandler = handler });
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).DeltaAggregatedResources();
        await call.RequestStream.WriteAsync(new DeltaDiscoveryRequest { TypeUrl = ResourceType.Cluster.TypeUrl(), Node = new() { Id = "node/n1" } });
        await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout();

        var stopped = server.StopAsync();

        await Assert.ThatAsync(
            () => call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout(),
            Throws.TypeOf<RpcException>().With.Property("StatusCode").EqualTo(StatusCode.Unavailable).And.Message.Contains("The control plane is stopping."));
        await stopped.WithTimeout();
    }

    private async Task<XdsServer> StartAsync(Action<IServiceCollection>? customise = null)
    {
        mesh.Publish(HandMadeSnapshots.Encode(ResourceType.Cluster, "a", new Cluster { Name = "a" }));
        using var server = authority.Issue("server");
        var files = authority.Write(folder.FullName, server);
        return await XdsServer.StartAsync(mesh.Store, tls: files, customise: services =>
        {
            services.AddSingleton<ILoggerProvider>(logs);
            customise?.Invoke(services);
        });
    }

    private sealed class RecordingResolver : INodeResolver
    {
        public PeerIdentity? Peer { get; private set; }

        public NodeResolution Resolve(EnvoyNode? node, PeerIdentity? peer)
        {
            Peer = peer;
            return NodeResolution.Of(new MeshNode(new NodeName("n1"), CaptureMode.Loopback));
        }
    }
}
