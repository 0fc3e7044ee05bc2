// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf.WellKnownTypes;
using Mesh.Model;
using Mesh.Xds.Streams;
using Node = Envoy.Config.Core.V3.Node;

namespace Mesh.Tests.Streams;

internal sealed class MeshNodeResolverTests
{
    private readonly MeshNodeResolver resolver = new();

    [TestCase("gRPC Go")]
    [TestCase("gRPC Node Pure JS")]
    [TestCase("gRPC Java")]
    [TestCase("gRPC C-core linux")]
    public void Node_that_says_it_is_grpc_needs_no_proxy(string agent)
    {
        var node = With("namespace", "shop", new Node { Id = "cart-7", UserAgentName = agent });

        var resolved = resolver.Resolve(node, peer: null).Node;

        Assert.That(resolved?.Name.Value, Is.EqualTo("grpc/cart-7"));
        Assert.That(resolved?.Proxyless, Is.EqualTo(new ProxylessClient("shop")));
    }

    [Test]
    public void Node_of_grpc_may_say_nothing_of_itself() => Assert.That(
        resolver.Resolve(new Node { UserAgentName = "gRPC Go" }, peer: null).Node,
        Is.EqualTo(new MeshNode(new NodeName("grpc/unnamed"), CaptureMode.Loopback) { Proxyless = new ProxylessClient("") }));

    [TestCase("redirect", CaptureMode.Redirect)]
    [TestCase("loopback", CaptureMode.Loopback)]
    public void Node_of_envoy_is_known_by_its_id_and_capture(string capture, CaptureMode expected) => Assert.That(
        resolver.Resolve(With("capture", capture, new Node { Id = "node/n1", UserAgentName = "envoy" }), peer: null).Node,
        Is.EqualTo(new MeshNode(new NodeName("n1"), expected)));

    [Test]
    public void Node_of_neither_kind_is_told_what_would_be_right()
    {
        var resolution = resolver.Resolve(new Node { Id = "cart-7", UserAgentName = "envoy" }, peer: null);

        Assert.That(resolution.Node, Is.Null);
        Assert.That(resolution.Problem, Does.Contain("\"cart-7\"").And.Contain("\"node/NAME\""));
    }

    private static Node With(string key, string value, Node node)
    {
        node.Metadata = new Struct();
        node.Metadata.Fields.Add(key, Value.ForString(value));
        return node;
    }
}
