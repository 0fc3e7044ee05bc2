// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Acks;

namespace Mesh.Tests.Acks;

internal sealed class AckLedgerTests
{
    [Test]
    public void Ledger_two_streams_of_a_node_the_newest_is_shown()
    {
        var ledger = new AckLedger();
        ledger.Update(State("n1", 2));
        ledger.Update(State("n1", 1));

        Assert.That(ledger.Proxies.Select(static state => state.StreamId), Is.EqualTo(new[] { 2L }));
    }

    [Test]
    public void Ledger_old_stream_ends_the_new_one_stays()
    {
        var ledger = new AckLedger();
        ledger.Update(State("n1", 1));
        ledger.Update(State("n1", 2));

        ledger.Remove(1);

        Assert.That(ledger.Proxies.Select(static state => state.StreamId), Is.EqualTo(new[] { 2L }));
    }

    [Test]
    public void Ledger_proxies_are_sorted_by_node()
    {
        var ledger = new AckLedger();
        ledger.Update(State("b", 1));
        ledger.Update(State("a", 2));
        ledger.Update(State("C", 3));

        Assert.That(ledger.Proxies.Select(static state => state.Node.Value), Is.EqualTo(new[] { "C", "a", "b" }));
    }

    [Test]
    public async Task Ledger_change_wakes_every_waiter()
    {
        var ledger = new AckLedger();
        Task[] waiters = [ledger.WaitForChangeAsync(CancellationToken.None), ledger.WaitForChangeAsync(CancellationToken.None)];

        ledger.Update(State("n1", 1));

        await Task.WhenAll(waiters).WithTimeout();
        Assert.That(ledger.WaitForChangeAsync(CancellationToken.None).IsCompleted, Is.False);
    }

    [Test]
    public async Task Ledger_disconnect_is_a_change_and_an_unknown_stream_is_none()
    {
        var ledger = new AckLedger();
        ledger.Update(State("n1", 1));
        var waiter = ledger.WaitForChangeAsync(CancellationToken.None);

        ledger.Remove(9);
        Assert.That(waiter.IsCompleted, Is.False);

        ledger.Remove(1);
        await waiter.WithTimeout();
        Assert.That(ledger.Proxies, Is.Empty);
    }

    [Test]
    public void Observer_is_told_of_each_state_with_the_one_before_it_and_of_the_end()
    {
        var told = new List<(ProxyState? Before, ProxyState? After)>();
        var ledger = new AckLedger { Observer = (before, after) => told.Add((before, after)) };
        var first = State("n1", 1);
        var second = State("n1", 1);

        ledger.Update(first);
        ledger.Update(second);
        ledger.Remove(1);
        ledger.Remove(1);

        Assert.That(told, Is.EqualTo(new (ProxyState?, ProxyState?)[] { (null, first), (first, second), (second, null) }));
    }

    private static ProxyState State(string node, long streamId) => new()
    {
        Node = new NodeName(node),
        StreamId = streamId,
        ProxyVersion = "",
        Accepted = AcceptedResources.None,
        Rejected = ImmutableDictionary<ResourceKey, RejectedResource>.Empty,
        Pending = PendingResources.None,
        SentRevision = default,
    };
}
