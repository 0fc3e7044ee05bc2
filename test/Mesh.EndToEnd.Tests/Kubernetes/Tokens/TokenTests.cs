// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using Mesh.Crds.Access;
using Mesh.EndToEnd.Tests.Transport;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Kubernetes.Tokens;

/// <summary>Tokens of a real API server, shown to an operator that has the rights of its role and no more.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed partial class TokenTests
{
    private const string Name = "nobody.shop:80";
    private static readonly TimeSpan Limit = Timeouts.Default * 4;

    private static Node N1 => new() { Id = "node/n1" };

    [Test]
    public async Task Token_of_a_pod_opens_a_stream_of_its_own_node_and_no_other_token_does()
    {
        await using var cluster = await TokenCluster.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        var good = await cluster.NodeTokenAsync();
        var gone = await cluster.NodeTokenAsync(TokenCluster.NextNodePod);
        await cluster.DeletePodAsync(TokenCluster.NextNodePod);
        (Node Node, string Token, string Outcome)[] table =
        [
            (N1, good, $"-{Name}"),
            (new Node { Id = "node/n2" }, good, "PermissionDenied: node.id is \"node/n2\", and the token is one of a pod on node \"n1\"; it must be \"node/n1\"."),
            (N1, await cluster.TokenAsync("shop", "front", "front"), "PermissionDenied: node.id is \"node/n1\", which this token gives no right to: it is one of service account shop/front, and the mesh's nodes have mesh-system/mesh-node."),
            (N1, await cluster.TokenAsync(OperatorNames.Namespace, OperatorNames.Node, pod: null), "Unauthenticated: The token of service account mesh-system/mesh-node is bound to no pod; "),
            (N1, await cluster.TokenAsync(OperatorNames.Namespace, OperatorNames.Node, TokenCluster.NodePod, "vault"), "Unauthenticated: What came is no token of a service account for the audience mesh-operator."),
            (N1, cluster.Remade(good, now.AddMinutes(-1), isSigned: true), "Unauthenticated: The token expired at "),
            (N1, cluster.Remade(good, now.AddHours(1), isSigned: false), "Unauthenticated: The API server does not vouch for the token: "),
            (N1, gone, "Unauthenticated: The API server does not vouch for the token: [invalid bearer token, service account token has been invalidated: its pod is gone]."),
            (Application("shop"), await cluster.TokenAsync("shop", "front", "front"), $"-{Name}"),
            (Application("pay"), await cluster.TokenAsync("shop", "front", "front"), "PermissionDenied: node.metadata.namespace is \"pay\", and the token is one of namespace \"shop\"; "),
        ];
        var program = cluster.StartOperator();
        try
        {
            await program.ReadyAsync().WithTimeout(Limit);
            foreach (var (node, token, outcome) in table)
            {
                Assert.That(await TokenClient.AskAsync(cluster.Xds, node, $"Bearer {token}", Name), Does.StartWith(outcome));
            }

            Assert.That(await TokenClient.AskAsync(cluster.Xds, N1, header: null, Name), Does.StartWith("Unauthenticated: No token came: "));
            var metrics = await program.AnswerAsync("/metrics", static _ => true).WithTimeout(Limit);
            var log = await File.ReadAllTextAsync(cluster.Log);

            Assert.That(Results(metrics), Is.EqualTo("Accepted 2, Denied 3, Invalid 5, Missing 1, Undecided 0"));
            Assert.That(log, Does.Contain("Streams of 127.0.0.1 are refused (Invalid): "));
            Assert.That(table.Where(row => log.Contains(row.Token, StringComparison.Ordinal) || log.Contains(row.Token.Split('.')[2], StringComparison.Ordinal)), Is.Empty);
        }
        finally
        {
            await program.StopAsync();
        }
    }

    [Test]
    public async Task While_the_API_server_is_away_the_tokens_that_it_vouched_for_are_good_and_no_others()
    {
        await using var cluster = await TokenCluster.StartAsync();
        var (known, other) = (await cluster.NodeTokenAsync(), await cluster.NodeTokenAsync(TokenCluster.NextNodePod));
        var program = cluster.StartOperator();
        try
        {
            await program.ReadyAsync().WithTimeout(Limit);
            Assert.That(await TokenClient.AskAsync(cluster.Xds, N1, $"Bearer {known}", Name), Is.EqualTo($"-{Name}"));
            await cluster.Server.StopServerAsync();

            Assert.That(await TokenClient.AskAsync(cluster.Xds, N1, $"Bearer {known}", Name), Is.EqualTo($"-{Name}"));
            Assert.That(await TokenClient.AskAsync(cluster.Xds, N1, $"Bearer {other}", Name), Does.StartWith("Unavailable: The token could not be judged: ").And.EndsWith("Come again later."));

            await cluster.Server.StartServerAsync();
            Assert.That(await TokenClient.AskAsync(cluster.Xds, N1, $"Bearer {other}", Name), Is.EqualTo($"-{Name}"));
        }
        finally
        {
            await program.StopAsync();
        }
    }

    [Test]
    public async Task Node_goes_on_with_a_rotated_token_and_is_refused_with_an_expired_one_while_its_Envoy_serves()
    {
        var envoy = PinnedEnvoy.RequireBinary();
        await using var cluster = await TokenCluster.StartAsync();
        var (former, newer) = (await cluster.NodeTokenAsync(), await cluster.NodeTokenAsync(TokenCluster.NextNodePod));
        var mount = new MountedFolder(cluster.Folder("mount").FullName);
        await mount.ReplaceAsync(("token", former)).WithTimeout();
        var program = cluster.StartOperator();
        var node = cluster.StartNode(envoy, mount.In("token"));
        try
        {
            await node.ReadyAsync().WithTimeout(Limit);
            await cluster.Server.KubectlAsync("wait", "--for=create", "meshnode/n1", "--timeout=150s").WithTimeout(Limit);
            await cluster.Server.KubectlAsync("wait", "--for=condition=Connected", "meshnode/n1", "--timeout=150s").WithTimeout(Limit);

            // The former token is of no use any more, and the next operator has never seen one.
            await mount.ReplaceAsync(("token", newer)).WithTimeout();
            await cluster.DeletePodAsync(TokenCluster.NodePod);
            await program.KillAsync();
            program = cluster.StartOperator();
            await program.AnswerAsync("/metrics", static text => text.Contains("\nmesh_connected_proxies 1\n", StringComparison.Ordinal)).WithTimeout(Limit);

            await mount.ReplaceAsync(("token", cluster.Remade(newer, TimeProvider.System.GetUtcNow().AddMinutes(-1), isSigned: true))).WithTimeout();
            await program.KillAsync();
            program = cluster.StartOperator();
            var metrics = await program.AnswerAsync("/metrics", static text => HasRefusedTwice().IsMatch(text)).WithTimeout(Limit);

            Assert.That(metrics, Does.Contain("\nmesh_connected_proxies 0\n"));
            Assert.That(await node.AnswerAsync("/readyz", static _ => true).WithTimeout(Limit), Does.EndWith("\nready\n"));
        }
        finally
        {
            await node.StopAsync();
            await program.StopAsync();
        }
    }

    private static Node Application(string space)
    {
        var node = new Node { Id = "front-1", UserAgentName = "gRPC Go", Metadata = new Struct() };
        node.Metadata.Fields.Add("namespace", Value.ForString(space));
        return node;
    }

    private static string Results(string metrics) => string.Join(", ", metrics.Split('\n')
        .Where(static line => line.StartsWith("mesh_xds_authentications_total{", StringComparison.Ordinal))
        .Select(static line => $"{line.Split('"')[1]} {line.Split(' ')[1]}")
        .Order(StringComparer.Ordinal));

    [GeneratedRegex("mesh_xds_authentications_total\\{result=\"Invalid\"\\} ([2-9]|[1-9][0-9]+)\n", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HasRefusedTwice();
}
