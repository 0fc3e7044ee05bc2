// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Telemetry;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Telemetry;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ConvergenceTests
{
    private static readonly ResourceKey Routes = new(ResourceType.Route, "r");
    private static readonly ProxyState Idle = State(sent: 1, isAnswered: true);

    private readonly FakeTimeProvider time = new();
    private readonly List<TimeSpan> observed = [];
    private readonly Convergence convergence;

    public ConvergenceTests() => convergence = new Convergence(time, observed.Add);

    [Test]
    public void Change_accepted_is_measured_from_when_it_was_noticed()
    {
        Publish(2);

        Book(Idle, State(sent: 1, isAnswered: false), State(sent: 2, isAnswered: false), State(sent: 2, isAnswered: true));

        Assert.That(observed, Is.EqualTo([TimeSpan.FromSeconds(3)]));
    }

    [Test]
    public void Change_overtaken_by_another_one_is_measured_from_the_first()
    {
        Publish(2);
        convergence.Observe(Idle, State(sent: 2, isAnswered: false));
        time.Advance(TimeSpan.FromSeconds(9));
        Publish(3);

        Book(State(sent: 2, isAnswered: false), State(sent: 3, isAnswered: true));

        Assert.That(observed, Is.EqualTo([TimeSpan.FromSeconds(11)]));
    }

    [Test]
    public void Change_that_brings_the_proxy_nothing_is_not_measured()
    {
        Publish(2);

        Book(Idle, State(sent: 2, isAnswered: true));

        Assert.That(observed, Is.Empty);
    }

    [Test]
    public void Resource_fetched_on_demand_is_no_change()
    {
        Publish(1);

        Book(Idle, State(sent: 1, isAnswered: false), State(sent: 1, isAnswered: true));

        Assert.That(observed, Is.Empty);
    }

    [Test]
    public void Proxy_that_connects_is_no_change()
    {
        Publish(2);

        Book(null, State(sent: 2, isAnswered: false), State(sent: 2, isAnswered: true));

        Assert.That(observed, Is.Empty);
    }

    [Test]
    public void Change_refused_is_not_measured_and_a_former_refusal_is_no_matter()
    {
        Publish(2);
        Publish(3);
        var refused = ImmutableDictionary<ResourceKey, RejectedResource>.Empty.Add(Routes, new RejectedResource("2", Origins.None, Origins.None, "no"));

        Book(Idle, State(sent: 2, isAnswered: false), State(sent: 2, isAnswered: true) with { Rejected = refused });
        Assert.That(observed, Is.Empty);

        var before = State(sent: 2, isAnswered: true) with { Rejected = refused };
        Book(before, before with { SentRevision = new Revision(3), Pending = Owing }, before with { SentRevision = new Revision(3) });
        Assert.That(observed, Has.Count.EqualTo(1));
    }

    [Test]
    public void Stream_that_ends_leaves_nothing_behind()
    {
        Publish(2);

        Book(Idle, State(sent: 2, isAnswered: false), null);
        Book(State(sent: 2, isAnswered: false), State(sent: 2, isAnswered: true));

        Assert.That(observed, Is.Empty);
    }

    private static PendingResources Owing => new([], ImmutableDictionary<ResourceKey, AcceptedResource?>.Empty, [Routes]);

    private static ProxyState State(long sent, bool isAnswered) => new()
    {
        Node = new NodeName("n1"),
        StreamId = 1,
        ProxyVersion = "",
        Accepted = AcceptedResources.None,
        Rejected = ImmutableDictionary<ResourceKey, RejectedResource>.Empty,
        Pending = isAnswered ? PendingResources.None : Owing,
        SentRevision = new Revision(sent),
    };

    private void Publish(long revision)
    {
        convergence.Publishes(new Revision(revision), time.GetTimestamp());
        time.Advance(TimeSpan.FromSeconds(1));
    }

    // A second from state to state.
    private void Book(params ProxyState?[] states)
    {
        for (var i = 1; i < states.Length; i++)
        {
            convergence.Observe(states[i - 1], states[i]);
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
