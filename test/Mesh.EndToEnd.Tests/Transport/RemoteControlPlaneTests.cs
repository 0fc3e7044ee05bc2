// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Mesh.EndToEnd.Tests.Ads;
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Hosting.Tls;
using Mesh.Xds.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.EndToEnd.Tests.Transport;

/// <summary>A real Envoy, bootstrapped as a node's, and a control plane that it reaches over mutual TLS.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed partial class RemoteControlPlaneTests : IDisposable
{
    private static readonly ResourceKey ClusterA = new(ResourceType.Cluster, "a");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mesh-remote-");
    private readonly ReservedPort port = new();
    private readonly TestAuthority authority = new("mesh root");
    private readonly TestAuthority stranger = new("other root");
    private readonly RecordedLogs logs = new();
    private readonly HandMadeSnapshots mesh = new();
    private readonly SeenPeers peers = new();

    public void Dispose()
    {
        authority.Dispose();
        stranger.Dispose();
        logs.Dispose();
        port.Dispose();
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task Envoy_of_the_root_is_configured_and_known_by_its_certificate()
    {
        await using var server = await StartAsync();
        using var certificate = authority.Issue("n1", "spiffe://mesh.test/node/n1");
        await using var envoy = await EnvoyAsync(server.Address, certificate, authority.RootPem);

        mesh.Publish(HandMade.GoodCluster("a"), HandMade.Assignment("a", 9000));

        await server.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.ContainsKey(ClusterA)));
        await envoy.AdminAsync("/clusters", static answer => answer.Contains("a::127.0.0.1:9000", StringComparison.Ordinal));
        Assert.That(peers.Last?.SpiffeId, Is.EqualTo("spiffe://mesh.test/node/n1"));
    }

    [Test]
    public async Task Envoy_of_another_root_is_refused()
    {
        await using var server = await StartAsync();
        using var certificate = stranger.Issue("n1");
        await using var envoy = await EnvoyAsync(server.Address, certificate, authority.RootPem);

        Assert.That(await logs.LineAsync("refused"), Does.Contain("CN=n1; reason: PartialChain"));
        Assert.That((server.Ledger.Proxies.Length, peers.Last), Is.EqualTo((0, (PeerIdentity?)null)));
    }

    [Test]
    public async Task Envoy_whose_certificate_expired_is_refused()
    {
        await using var server = await StartAsync();
        using var certificate = authority.Issue("n1", expired: true);
        await using var envoy = await EnvoyAsync(server.Address, certificate, authority.RootPem);

        Assert.That(await logs.LineAsync("refused"), Does.Contain("CN=n1; reason: NotTimeValid"));
        Assert.That(server.Ledger.Proxies, Is.Empty);
    }

    [Test]
    public async Task Envoy_takes_no_control_plane_of_another_root()
    {
        await using var server = await StartAsync();
        using var certificate = authority.Issue("n1");
        await using var envoy = await EnvoyAsync(server.Address, certificate, stranger.RootPem);

        await envoy.AdminAsync("/clusters", static answer => FailedConnection().IsMatch(answer));
        Assert.That(server.Ledger.Proxies, Is.Empty);
    }

    [Test]
    public async Task Rotated_certificates_keep_streams_and_decide_about_new_ones()
    {
        await using var server = await StartAsync();
        using var former = authority.Issue("n1");
        using var later = stranger.Issue("n1");
        using var newer = stranger.Issue("newer server");
        await using var envoy = await EnvoyAsync(server.Address, former, authority.RootPem);
        mesh.Publish(HandMade.GoodCluster("a"), HandMade.Assignment("a", 9000));
        await server.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.ContainsKey(ClusterA)));

        var first = server.Ledger.Proxies.Single().StreamId;
        stranger.Write(folder.FullName, newer);
        await logs.LineAsync("New certificate CN=newer server");

        mesh.Publish(HandMade.Assignment("a", 9001));
        await envoy.AdminAsync("/clusters", static answer => answer.Contains("a::127.0.0.1:9001", StringComparison.Ordinal));
        await using var another = await EnvoyAsync(server.Address, later, stranger.RootPem);
        await server.Ledger.WaitForAsync(proxies => proxies.Any(proxy => proxy.StreamId > first && proxy.Accepted.ContainsKey(ClusterA)));
    }

    [Test]
    public async Task Envoy_that_is_sent_away_comes_to_the_next_control_plane()
    {
        var server = await StartAsync();
        using var certificate = authority.Issue("n1");
        await using var envoy = await EnvoyAsync(server.Address, certificate, authority.RootPem);
        mesh.Publish(HandMade.GoodCluster("a"), HandMade.Assignment("a", 9000));
        await server.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.ContainsKey(ClusterA)));

        // Below the host's limit of 30 s, at which it would be cut.
        await server.StopAsync().WithTimeout(TimeSpan.FromSeconds(25));
        await server.DisposeAsync();

        await using var next = await StartAsync();
        await next.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.ContainsKey(ClusterA)));
    }

    [Test]
    public async Task Envoy_follows_certificates_that_are_replaced_as_a_mounted_Secret_is()
    {
        var server = await StartAsync();
        using var former = authority.Issue("n1");
        using var later = stranger.Issue("n1");
        using var newer = stranger.Issue("newer server");
        var mount = new MountedSecret(folder.CreateSubdirectory("node-tls").FullName);
        await mount.ReplaceAsync(former, authority.RootPem).WithTimeout();
        await using var envoy = await EnvoyAsync(server.Address, mount.Tls(Path.Combine(folder.FullName, "node-secrets")));
        mesh.Publish(HandMade.GoodCluster("a"), HandMade.Assignment("a", 9000));
        await server.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.ContainsKey(ClusterA)));

        await mount.ReplaceAsync(later, stranger.RootPem).WithTimeout();
        var samePort = server.Address.Port;
        await server.StopAsync().WithTimeout();
        await server.DisposeAsync();

        // Neither end has anything that the other one trusted before.
        await using var next = await XdsServer.StartAsync(
            mesh.Store, samePort, stranger.Write(folder.FullName, newer), services => services.AddSingleton<INodeResolver>(peers));
        await next.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.ContainsKey(ClusterA)));
    }

    [Test]
    public async Task Server_follows_certificates_that_are_replaced_as_a_mounted_Secret_is()
    {
        using var first = authority.Issue("server");
        using var newer = stranger.Issue("newer server");
        using var certificate = stranger.Issue("n1");
        var mount = new MountedSecret(folder.CreateSubdirectory("server-tls").FullName);
        await mount.ReplaceAsync(first, authority.RootPem).WithTimeout();
        PinnedEnvoy.RequireBinary();
        await using var server = await XdsServer.StartAsync(mesh.Store, port.EndPoint.Port, mount.Server, services =>
            services.AddSingleton<ILoggerProvider>(logs).AddSingleton<INodeResolver>(peers));

        await mount.ReplaceAsync(newer, stranger.RootPem).WithTimeout();
        await logs.LineAsync("New certificate CN=newer server");

        mesh.Publish(HandMade.GoodCluster("a"), HandMade.Assignment("a", 9000));
        await using var envoy = await EnvoyAsync(server.Address, certificate, stranger.RootPem);
        await server.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.ContainsKey(ClusterA)));
    }

    [GeneratedRegex("^xds::127.0.0.1:[0-9]+::cx_connect_fail::[1-9]", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FailedConnection();

    private async Task<XdsServer> StartAsync()
    {
        PinnedEnvoy.RequireBinary();
        using var server = authority.Issue("server");
        var files = authority.Write(folder.FullName, server);
        return await XdsServer.StartAsync(mesh.Store, port.EndPoint.Port, files, services =>
            services.AddSingleton<ILoggerProvider>(logs).AddSingleton<INodeResolver>(peers));
    }

    private Task<AdsEnvoy> EnvoyAsync(Uri server, X509Certificate2 certificate, string roots)
    {
        var files = new ControlPlaneTls
        {
            Certificate = Write("node.crt", certificate.ExportCertificatePem()),
            Key = Write("node.key", TestAuthority.KeyPem(certificate)),
            Ca = Write("node-ca.crt", roots),
            ServerName = "127.0.0.1",
        };
        return EnvoyAsync(server, files);
    }

    private static Task<AdsEnvoy> EnvoyAsync(Uri server, ControlPlaneTls files)
    {
        if (files.SecretsFolder is not null)
        {
            ControlPlaneSecrets.Write(files);
        }

        return AdsEnvoy.StartAsync(EnvoyBootstrap.ToJson(new BootstrapOptions
        {
            Node = new MeshNode(new NodeName("n1"), CaptureMode.Loopback),
            ControlPlane = ControlPlaneAddress.Tcp(server.Host, server.Port, files),
            AdminPort = 0,
        }));
    }

    // Outside of the folder that the server watches.
    private string Write(string name, string content)
    {
        var path = Path.Combine(folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    private sealed class SeenPeers : INodeResolver
    {
        public PeerIdentity? Last { get; private set; }

        public NodeResolution Resolve(EnvoyNode? node, PeerIdentity? peer)
        {
            Last = peer;
            return NodeResolution.Of(new MeshNode(new NodeName("n1"), CaptureMode.Loopback));
        }
    }
}
