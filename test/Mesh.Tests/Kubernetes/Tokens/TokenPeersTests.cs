// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Kubernetes.Tokens;

namespace Mesh.Tests.Kubernetes.Tokens;

internal sealed class TokenPeersTests
{
    private static readonly TokenHolder Node = new()
    {
        Namespace = "mesh-system",
        Account = "mesh-node",
        Pod = "mesh-node-x",
        PodUid = "u1",
        Node = "n1",
        Until = DateTimeOffset.UnixEpoch,
    };

    [Test]
    public void Pod_of_the_nodes_account_may_be_its_own_node()
    {
        var peer = TokenPeers.PeerOf(Node, "mesh-system");

        Assert.That((peer.Subject, peer.Until), Is.EqualTo(("mesh-system/mesh-node-x (mesh-node)", (DateTimeOffset?)DateTimeOffset.UnixEpoch)));
        Assert.That((peer.Rights?.Node, peer.Rights?.Namespace), Is.EqualTo(((NodeName?)new NodeName("n1"), "mesh-system")));
    }

    [TestCase("mesh-system", "default")]
    [TestCase("shop", "mesh-node")]
    public void Pod_of_another_account_may_be_no_node(string space, string account)
    {
        var rights = TokenPeers.PeerOf(Node with { Namespace = space, Account = account }, "mesh-system").Rights;

        Assert.That(rights?.Node, Is.Null);
        Assert.That(rights?.NoNode, Is.EqualTo($"it is one of service account {space}/{account}, and the mesh's nodes have mesh-system/mesh-node."));
    }

    [Test]
    public void Token_without_a_node_gives_no_right_to_one()
    {
        var rights = TokenPeers.PeerOf(Node with { Node = null }, "mesh-system").Rights;

        Assert.That((rights?.Node, rights?.NoNode), Is.EqualTo(
            ((NodeName?)null, "it does not say which node its pod is on, which Kubernetes puts into tokens from 1.30 on; use certificates (--xds-auth Certificate).")));
    }
}
