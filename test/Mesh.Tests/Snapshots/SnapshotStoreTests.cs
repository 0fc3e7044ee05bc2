// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.Tests.Snapshots;

internal sealed class SnapshotStoreTests
{
    private static readonly MeshNode Node = new(new NodeName("n1"), CaptureMode.Loopback);

    [Test]
    public async Task Store_subscriber_before_the_first_publish_waits_for_it()
    {
        var store = new SnapshotStore(Part);
        await using var subscriber = store.SubscribeAsync(Node, CancellationToken.None).GetAsyncEnumerator();
        var next = subscriber.MoveNextAsync().AsTask();
        Assert.That(next.IsCompleted, Is.False);

        store.Publish(Mesh(1));

        Assert.That(await next.WithTimeout(), Is.True);
        Assert.That(subscriber.Current.Revision, Is.EqualTo(new Revision(1)));
    }

    [Test]
    public async Task Store_tells_what_connected_nodes_were_given_and_forgets_those_that_go()
    {
        var store = new SnapshotStore(Part);
        store.Publish(Mesh(1));
        var subscriber = store.SubscribeAsync(Node, CancellationToken.None).GetAsyncEnumerator();
        await subscriber.MoveNextAsync().AsTask().WithTimeout();

        var (given, connected) = (subscriber.Current, store.Nodes);
        await subscriber.DisposeAsync();

        Assert.That(connected, Is.EqualTo([given]));
        Assert.That(store.Nodes, Is.Empty);
    }

    [Test]
    public async Task Store_slow_subscriber_skips_to_the_newest()
    {
        var store = new SnapshotStore(Part);
        store.Publish(Mesh(1));
        await using var subscriber = store.SubscribeAsync(Node, CancellationToken.None).GetAsyncEnumerator();
        await subscriber.MoveNextAsync().AsTask().WithTimeout();

        store.Publish(Mesh(2));
        store.Publish(Mesh(3));
        await subscriber.MoveNextAsync().AsTask().WithTimeout();

        Assert.That(subscriber.Current.Revision, Is.EqualTo(new Revision(3)));
    }

    [Test]
    public async Task Store_streams_of_a_node_share_one_computation_and_get_the_one_before()
    {
        var calls = new List<(long Revision, long? Previous)>();
        var store = new SnapshotStore((mesh, node, previous) =>
        {
            calls.Add((mesh.Revision.Value, previous?.Revision.Value));
            return Part(mesh, node, previous);
        });
        await using var one = store.SubscribeAsync(Node, CancellationToken.None).GetAsyncEnumerator();
        await using var other = store.SubscribeAsync(Node, CancellationToken.None).GetAsyncEnumerator();
        for (var revision = 1; revision <= 2; revision++)
        {
            store.Publish(Mesh(revision));
            await one.MoveNextAsync().AsTask().WithTimeout();
            await other.MoveNextAsync().AsTask().WithTimeout();
        }

        Assert.That(other.Current, Is.SameAs(one.Current));
        Assert.That(calls, Is.EqualTo(new (long, long?)[] { (1, null), (2, 1) }));
    }

    [Test]
    public async Task Store_publish_does_not_wait_for_a_node_that_is_being_computed()
    {
        using var entered = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var store = new SnapshotStore((mesh, node, previous) =>
        {
            entered.Set();
            go.Wait(TimeSpan.FromSeconds(20));
            return Part(mesh, node, previous);
        });
        store.Publish(Mesh(1));
        await using var subscriber = store.SubscribeAsync(Node, CancellationToken.None).GetAsyncEnumerator();
        var computing = Task.Run(async () => await subscriber.MoveNextAsync());
        Assert.That(entered.Wait(TimeSpan.FromSeconds(20)), Is.True);

        store.Publish(Mesh(2));

        Assert.That(store.Current?.Revision, Is.EqualTo(new Revision(2)));
        go.Set();
        Assert.That(await computing.WithTimeout(), Is.True);
    }

    [Test]
    public async Task Store_cancelled_subscription_ends()
    {
        var store = new SnapshotStore(Part);
        using var stop = new CancellationTokenSource();
        await using var subscriber = store.SubscribeAsync(Node, stop.Token).GetAsyncEnumerator();
        var next = subscriber.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        Assert.That(async () => await next.WithTimeout(), Throws.InstanceOf<OperationCanceledException>());
    }

    private static MeshSnapshot Mesh(long revision) => new()
    {
        Model = MeshModel.Empty with { Revision = new Revision(revision) },
        Shared = [.. ResourceTypes.PushOrder.Select(static _ => ResourceTable.Empty)],
        Refused = [],
    };

    private static NodeSnapshot Part(MeshSnapshot mesh, MeshNode node, NodeSnapshot? previous) =>
        new() { Node = node.Name, Revision = mesh.Revision, Tables = mesh.Shared };
}
