// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Peers;
using Mesh.Xds.Streams;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.Tests.Streams;

internal sealed class ProxyIdentityTests
{
    [Test]
    public void Identity_keeps_the_features_that_change_what_is_sent()
    {
        var features = FeaturesOf("envoy.lb.does_not_support_overprovisioning", "xds.config.resource-in-sotw");

        Assert.That(features, Is.EqualTo(ClientFeatures.ResourceInSotw));
    }

    [Test]
    public void Identity_of_a_client_that_says_none_has_none() =>
        Assert.That(FeaturesOf("xds.config.supports-resource-ttl"), Is.EqualTo(ClientFeatures.None));

    [Test]
    public void Namespace_is_what_an_application_has_proved_and_not_what_it_says()
    {
        var peer = new PeerIdentity { Subject = "shop/front", Uris = [], Rights = new PeerRights { Node = new NodeName("n1"), Namespace = "shop" } };
        var application = new EnvoyNode { Id = "front-1", UserAgentName = "gRPC Go" };

        Assert.That(NamespaceOf(application, peer), Is.EqualTo("shop"));
        Assert.That(NamespaceOf(application, peer: null), Is.Null);
        Assert.That(NamespaceOf(new EnvoyNode { Id = "node/n1" }, peer), Is.Null);
    }

    [Test]
    public void What_a_client_says_of_itself_is_one_short_line()
    {
        var node = new EnvoyNode { Id = new string('a', 300) + "\n", UserAgentName = "gRPC Go", UserAgentVersion = "1\u001b[2J\n2" };

        var identity = ProxyIdentity.From(node, new MeshNodeResolver(), peer: null).Identity;

        Assert.That(identity?.Node.Name.Value, Is.EqualTo($"grpc/{new string('a', 256)}…"));
        Assert.That(identity?.ProxyVersion, Is.EqualTo("1 [2J 2"));
    }

    private static string? NamespaceOf(EnvoyNode node, PeerIdentity? peer) => ProxyIdentity.From(node, new MeshNodeResolver(), peer).Identity!.Namespace;

    private static ClientFeatures? FeaturesOf(params string[] features)
    {
        var node = new EnvoyNode { Id = "node/n1", ClientFeatures = { features } };
        return ProxyIdentity.From(node, new MeshNodeResolver(), peer: null).Identity?.Features;
    }
}
