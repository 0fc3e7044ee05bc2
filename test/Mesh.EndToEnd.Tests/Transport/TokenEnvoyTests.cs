// SPDX-License-Identifier: Apache-2.0
using Mesh.EndToEnd.Tests.Ads;
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Edge;
using Mesh.Xds.Peers;
using Mesh.Xds.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.EndToEnd.Tests.Transport;

/// <summary>A real Envoy, bootstrapped as a node's, that shows a mounted token to its control plane.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TokenEnvoyTests : IDisposable
{
    private static readonly ResourceKey ClusterA = new(ResourceType.Cluster, "a");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mesh-token-");
    private readonly TestAuthority authority = new("mesh root");
    private readonly RecordedLogs logs = new();
    private readonly HandMadeSnapshots mesh = new();
    private readonly FakeJudge judge = new();
    private readonly MountedFolder mount;

    public TokenEnvoyTests() => mount = new MountedFolder(folder.CreateSubdirectory("token").FullName);

    public void Dispose()
    {
        authority.Dispose();
        logs.Dispose();
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task Stream_that_outlives_its_token_is_ended_and_the_next_one_has_the_newer_token_and_gets_nothing_anew()
    {
        var now = TimeProvider.System.GetUtcNow();
        judge.Verdicts["second"] = Accepted("n1", now.AddHours(1));
        await mount.ReplaceAsync(("token", "first")).WithTimeout();
        await using var server = await StartAsync();
        mesh.Publish(HandMade.GoodCluster("a"), HandMade.Assignment("a", 9000));
        judge.Verdicts["first"] = Accepted("n1", TimeProvider.System.GetUtcNow().AddSeconds(15));
        await using var envoy = await EnvoyAsync(server.Address);
        await server.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.ContainsKey(ClusterA) && proxy.Pending.IsEmpty));
        var (first, before) = (server.Ledger.Proxies.Single().StreamId, server.Ledger.Counters.ResourcesSent);

        await mount.ReplaceAsync(("token", "second")).WithTimeout();
        await judge.JudgedAsync("second");
        await server.Ledger.WaitForAsync(proxies => proxies is [var proxy] && proxy.StreamId > first && proxy.Accepted.ContainsKey(ClusterA) && proxy.Pending.IsEmpty);
        var sent = server.Ledger.Counters.ResourcesSent;
        var settled = server.Ledger.Proxies.Single().StreamId;

        // It goes on as before, with what it had.
        mesh.Publish(HandMade.Assignment("a", 9001));
        await envoy.AdminAsync("/clusters", static answer => answer.Contains("a::127.0.0.1:9001", StringComparison.Ordinal));
        Assert.That(server.Ledger.Proxies.Single().StreamId, Is.EqualTo(settled));
        Assert.That((sent, server.Ledger.Counters.ResourcesSent), Is.EqualTo((before, before + 1)));
    }

    [Test]
    public async Task Refused_token_gets_nothing_until_a_good_one_takes_its_place()
    {
        judge.Verdicts["good"] = Accepted("n1", until: null);
        judge.Verdicts["other"] = Accepted("n2", until: null);
        await mount.ReplaceAsync(("token", "bad")).WithTimeout();
        await using var server = await StartAsync();
        mesh.Publish(HandMade.GoodCluster("a"), HandMade.Assignment("a", 9000));
        await using var envoy = await EnvoyAsync(server.Address);

        Assert.That(await logs.LineAsync("are refused (Invalid)"), Does.Contain("The judge knows it not.").And.Not.Contains("bad"));
        await mount.ReplaceAsync(("token", "other")).WithTimeout();
        Assert.That(await logs.LineAsync("are refused (Denied)"), Does.Contain("node.id is \"node/n1\", and the token is one of a pod on node \"n2\""));
        Assert.That(server.Ledger.Proxies, Is.Empty);

        await mount.ReplaceAsync(("token", "good")).WithTimeout();
        await server.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.ContainsKey(ClusterA)));
    }

    private static PeerVerdict.Accepted Accepted(string node, DateTimeOffset? until) => new(new PeerIdentity
    {
        Subject = "pod",
        Uris = [],
        Until = until,
        Rights = new PeerRights { Node = new NodeName(node), Namespace = "mesh-system" },
    });

    private async Task<XdsServer> StartAsync()
    {
        PinnedEnvoy.RequireBinary();
        using var certificate = authority.Issue("server");
        var files = authority.Write(folder.FullName, certificate) with { ClientCa = null };
        return await XdsServer.StartAsync(mesh.Store, tls: files, customise: services => services
            .AddSingleton<ILoggerProvider>(logs)
            .AddSingleton(new EdgeLimits { TokenGrace = TimeSpan.Zero })
            .AddMeshTokens(_ => judge));
    }

    private Task<AdsEnvoy> EnvoyAsync(Uri server)
    {
        var tls = new ControlPlaneTls
        {
            Certificate = null,
            Key = null,
            Token = mount.In("token"),
            Ca = Path.Combine(folder.FullName, "ca.crt"),
            ServerName = "127.0.0.1",
            SecretsFolder = Path.Combine(folder.FullName, "secrets"),
        };
        ControlPlaneSecrets.Write(tls);
        return AdsEnvoy.StartAsync(EnvoyBootstrap.ToJson(new BootstrapOptions
        {
            Node = new MeshNode(new NodeName("n1"), CaptureMode.Loopback),
            ControlPlane = ControlPlaneAddress.Tcp(server.Host, server.Port, tls),
            AdminPort = 0,
        }));
    }
}
