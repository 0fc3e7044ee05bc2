// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Mesh.Xds.Edge;
using Mesh.Xds.Peers;
using Mesh.Xds.Streams;

namespace Mesh.Tests.Peers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PeerStreamsTests
{
    private readonly PeerStreams streams = new(new EdgeLimits { StreamsPerPod = 2 });

    [Test]
    public void Pod_has_so_many_streams_and_no_more_and_others_have_theirs()
    {
        using var first = streams.Enter(Pod("shop/front"));
        using var second = streams.Enter(Pod("shop/front"));

        var refused = Assert.Throws<RpcException>(() => streams.Enter(Pod("shop/front")))!;
        Assert.That(refused.Status, Is.EqualTo(new Grpc.Core.Status(
            StatusCode.ResourceExhausted, "shop/front has 2 streams open, which is the most for one pod; a client needs one, or one for each of its targets.")));
        Assert.That(() => streams.Enter(Pod("shop/back"))?.Dispose(), Throws.Nothing);
    }

    [Test]
    public void Stream_that_ends_makes_room_once()
    {
        var first = streams.Enter(Pod("shop/front"));
        using var second = streams.Enter(Pod("shop/front"));
        first?.Dispose();
        first?.Dispose();

        using var third = streams.Enter(Pod("shop/front"));

        Assert.That(() => streams.Enter(Pod("shop/front")), Throws.InstanceOf<RpcException>());
    }

    [Test]
    public void Who_has_proved_nothing_is_not_counted()
    {
        Assert.That(Enumerable.Range(0, 5).Select(_ => streams.Enter(peer: null)), Has.All.Null);
        Assert.That(Enumerable.Range(0, 5).Select(_ => streams.Enter(Pod("CN=node") with { Rights = null })), Has.All.Null);
    }

    private static PeerIdentity Pod(string name) => new() { Subject = name, Uris = [], Rights = new PeerRights { Node = null, Namespace = "shop" } };
}
