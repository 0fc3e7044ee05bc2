// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Grpc.Core;
using Mesh.Model;
using Mesh.Testing;
using Mesh.Tests.Hosting;
using Mesh.Xds;
using Mesh.Xds.Peers;
using Mesh.Xds.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.Tests.Peers;

/// <summary>Streams to an endpoint whose clients must show a token.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TokenStreamTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mesh-token-");
    private readonly TestAuthority authority = new("mesh root");
    private readonly RecordedLogs logs = new();
    private readonly HandMadeSnapshots mesh = new();
    private readonly FakeJudge judge = new();

    public TokenStreamTests()
    {
        mesh.Publish(HandMadeSnapshots.Encode(ResourceType.Cluster, "a", new Cluster { Name = "a" }));
        judge.Verdicts["n1"] = new PeerVerdict.Accepted(Peer("mesh-system", new NodeName("n1")));
        judge.Verdicts["app"] = new PeerVerdict.Accepted(Peer("shop", null));
        judge.Verdicts["later"] = new PeerVerdict.Undecided("Come again later.");
    }

    public void Dispose()
    {
        authority.Dispose();
        logs.Dispose();
        folder.Delete(recursive: true);
    }

    [TestCase("node/n1", "Bearer n1", "a")]
    [TestCase("node/n1", "bearer  n1", "a")]
    [TestCase("node/n2", "Bearer n1", "PermissionDenied: node.id is \"node/n2\", and the token is one of a pod on node \"n1\"; it must be \"node/n1\".")]
    [TestCase("node/n1", "Bearer app", "PermissionDenied: node.id is \"node/n1\", which this token gives no right to: it is nobody's.")]
    [TestCase("node/n1", "Bearer other", "Unauthenticated: The judge knows it not.")]
    [TestCase("node/n1", "Bearer later", "Unavailable: Come again later.")]
    [TestCase("node/n1", "Bearer ", "Unauthenticated: No token came: ")]
    [TestCase("node/n1", "Basic bjE6", "Unauthenticated: No token came: ")]
    [TestCase("node/n1", null, "Unauthenticated: No token came: a stream begins with the header \"authorization: Bearer TOKEN\"")]
    [TestCase("nonsense", "Bearer n1", "InvalidArgument: node.id is \"nonsense\"")]
    public async Task Stream_begins_with_a_token_of_the_node_that_it_is_of(string id, string? header, string outcome)
    {
        await using var server = await StartAsync();

        Assert.That(await TokenClient.AskAsync(server.Address, new EnvoyNode { Id = id }, header), Does.StartWith(outcome));
    }

    [TestCase("app", "", "")]
    [TestCase("app", "shop", "")]
    [TestCase("app", "pay", "PermissionDenied: node.metadata.namespace is \"pay\", and the token is one of namespace \"shop\"; it must be that, or be left out.")]
    public async Task Application_may_have_its_own_namespace_only(string token, string space, string outcome)
    {
        await using var server = await StartAsync();
        var node = new EnvoyNode { Id = "front-1", UserAgentName = "gRPC Go", Metadata = new() };
        node.Metadata.Fields.Add("namespace", Google.Protobuf.WellKnownTypes.Value.ForString(space));

        var found = await TokenClient.AskAsync(server.Address, node, $"Bearer {token}");

        Assert.That(found, outcome.Length == 0 ? Does.Not.Contain("Denied") : Is.EqualTo(outcome));
    }

    [Test]
    public async Task Streams_are_counted_by_what_came_of_them_and_a_refused_client_is_logged_once_until_it_is_accepted()
    {
        await using var server = await StartAsync();
        foreach (var header in new[] { "Bearer wrong-secret", "Bearer wrong-secret", null, "Bearer later", "Bearer n1", "Bearer wrong-secret" })
        {
            await TokenClient.AskAsync(server.Address, new EnvoyNode { Id = "node/n1" }, header);
        }

        await TokenClient.AskAsync(server.Address, new EnvoyNode { Id = "node/n2" }, "Bearer n1");

        var tally = server.Service<PeerTally>();
        Assert.That(Enum.GetValues<PeerOutcome>().Select(tally.Count), Is.EqualTo([1, 1, 3, 1, 1]));
        Assert.That(logs.Lines.Where(static line => line.Contains("are refused", StringComparison.Ordinal)), Is.EqualTo(
        [
            "Warning Streams of 127.0.0.1 are refused (Invalid): The judge knows it not. Said once until it is accepted",
            $"Warning Streams of 127.0.0.1 are refused (Missing): {MissingWords} Said once until it is accepted",
            "Warning Streams of 127.0.0.1 are refused (Undecided): Come again later. Said once until it is accepted",
            "Warning Streams of 127.0.0.1 are refused (Invalid): The judge knows it not. Said once until it is accepted",
            "Warning Streams of 127.0.0.1 are refused (Denied): node.id is \"node/n2\", and the token is one of a pod on node \"n1\"; it must be \"node/n1\". Said once until it is accepted",
        ]));
        Assert.That(logs.Lines, Has.None.Contains("wrong-secret"));
    }

    [Test]
    public async Task Certificate_does_where_either_is_taken_and_a_bad_one_does_not()
    {
        await using var server = await StartAsync(isCertificateOptional: true);
        using var stranger = new TestAuthority("other root");
        using var mine = authority.Issue("proxy");
        using var theirs = stranger.Issue("proxy");

        Assert.That((await TlsClient.AskAsync(server.Address, mine)).Names, Is.EqualTo(["a"]));
        Assert.That(await TokenClient.AskAsync(server.Address, new EnvoyNode { Id = "node/n1" }, "Bearer n1"), Is.EqualTo("a"));
        Assert.That(await TokenClient.AskAsync(server.Address, new EnvoyNode { Id = "node/n1" }, null), Does.StartWith("Unauthenticated"));
        await Assert.ThatAsync(() => TlsClient.AskAsync(server.Address, theirs), Throws.TypeOf<RpcException>());
    }

    private const string MissingWords =
        "No token came: a stream begins with the header \"authorization: Bearer TOKEN\", and the token is one of this pod, mounted for the mesh's control plane.";

    private static PeerIdentity Peer(string space, NodeName? node) => new()
    {
        Subject = "pod",
        Uris = [],
        Rights = new PeerRights { Node = node, NoNode = "it is nobody's.", Namespace = space },
    };

    private async Task<XdsServer> StartAsync(bool isCertificateOptional = false)
    {
        using var certificate = authority.Issue("server");
        var files = authority.Write(folder.FullName, certificate);
        files = isCertificateOptional ? files with { IsCertificateOptional = true } : files with { ClientCa = null };
        return await XdsServer.StartAsync(mesh.Store, tls: files, customise: services =>
            services.AddSingleton<ILoggerProvider>(logs).AddMeshTokens(_ => judge));
    }
}
