// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Replicas;
using Mesh.Operator.Status;
using Mesh.Testing;
using Mesh.Tests.Status;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Replicas;

/// <summary>Which proxies count where, and for how long after they went.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FleetBoardTests
{
    private static readonly FleetOptions Options = new();

    private readonly FakeTimeProvider time = new();
    private readonly FleetBoard board;

    public FleetBoardTests()
    {
        time.Advance(TimeSpan.FromHours(1));
        board = new FleetBoard(Options, time);
    }

    [Test]
    public void Replica_that_does_not_lead_makes_figures_and_counts_nobody_elses()
    {
        var view = board.Look([FleetScene.Proxy("n1", 1)]);

        Assert.That(view, Is.EqualTo(FleetView.Alone with { WantsFigures = true }).UsingPropertiesComparer());
        Assert.That(board.Due, Is.Null);
    }

    [Test]
    public async Task Node_counts_at_the_replica_to_which_it_came_last()
    {
        await LeadAsync();
        board.Look([FleetScene.Proxy("n1", 1), FleetScene.Proxy("n2", 2)]);
        time.Advance(TimeSpan.FromSeconds(10));
        board.Apply(board.Enter("b"), FleetScene.Whole("b", ("n1", 5), ("n2", 20), ("n3", 1)));

        var view = board.Look([FleetScene.Proxy("n1", 1), FleetScene.Proxy("n2", 2)]);

        Assert.That(view.Elsewhere, Is.EquivalentTo(Nodes("n1", "n3")));
        Assert.That(view.Others.Single().Elsewhere, Is.EquivalentTo(Nodes("n2")));
        Assert.That(view.Count(StatusScene.Policy), Is.EqualTo(2));
    }

    [Test]
    public async Task Application_without_a_proxy_counts_wherever_it_is()
    {
        await LeadAsync();
        var report = new ReplicaReport { Replica = "b", Roster = [new RosterReport("app", IsProxyless: true, IsLoopback: false, TimeSpan.Zero)] };
        board.Apply(board.Enter("b"), report);

        var own = FleetScene.Proxy("app", 1, isProxyless: true);
        var view = board.Look([own]);

        Assert.That((view.IsHere(own), view.Count(StatusScene.Policy)), Is.EqualTo((true, 1)));
    }

    [Test]
    public async Task Nodes_of_a_replica_that_is_gone_are_on_their_way_for_a_while()
    {
        await LeadAsync();
        var replica = board.Enter("b");
        board.Apply(replica, FleetScene.Whole("b", ("n1", 5), ("n2", 5)));
        board.Look([]);

        board.Leave(replica);
        var first = board.Look([FleetScene.Proxy("n2", 1)]);
        var due = board.Due;
        time.Advance(Options.Join);
        var later = board.Look([FleetScene.Proxy("n2", 1)]);

        Assert.That(first.Others, Is.Empty);
        Assert.That(first.Underway, Is.EqualTo(Nodes("n1")), "the other one has come");
        Assert.That(due, Is.EqualTo(Options.Join + TimeSpan.FromMilliseconds(1)));
        Assert.That(later.Underway, Is.Empty);
        Assert.That(board.Due, Is.Null);
    }

    [Test]
    public async Task Node_that_leaves_its_replica_is_on_its_way_too()
    {
        await LeadAsync();
        var replica = board.Enter("b");
        board.Apply(replica, FleetScene.Whole("b", ("n1", 5), ("n2", 5)));
        board.Look([FleetScene.Proxy("n3", 1)]);

        board.Apply(replica, FleetScene.Whole("b", ("n2", 5)));
        var view = board.Look([]);

        Assert.That(view.Underway, Is.EqualTo(Nodes("n1", "n3")));
    }

    [Test]
    public async Task New_connection_of_a_replica_takes_the_place_of_the_one_before()
    {
        await LeadAsync();
        var first = board.Enter("b");
        board.Apply(first, FleetScene.Whole("b", ("n1", 5)));
        var second = board.Enter("b");

        board.Leave(first);
        var between = board.Look([]);
        board.Apply(second, FleetScene.Whole("b", ("n2", 5)));
        var after = board.Look([]);

        Assert.That(between.Others.Single().Roster.Single().Node, Is.EqualTo(new NodeName("n1")));
        Assert.That(after.Others.Single().Roster.Single().Node, Is.EqualTo(new NodeName("n2")));
        Assert.That(after.Underway, Is.EqualTo(Nodes("n1")));
    }

    [Test]
    public async Task New_leader_waits_for_a_report_in_which_all_count_that_were_connected()
    {
        var leading = board.LeadAsync(Nodes("n1", "n2"), CancellationToken.None);
        var isEarly = leading.IsCompleted;
        var view = board.Look([FleetScene.Proxy("n1", 1)]);
        board.Reported(new StatusScene().WithFleet(view).Input(), new StatusScene().Run());
        await leading.WithTimeout();
        time.Advance(Options.Join);

        Assert.That(isEarly, Is.False);
        Assert.That(view.Underway, Is.EqualTo(Nodes("n2")));
        Assert.That(board.Look([FleetScene.Proxy("n1", 1)]).Underway, Is.Empty);
    }

    [Test]
    public async Task Replica_that_says_it_cannot_tell_counts_until_it_tells()
    {
        await LeadAsync();
        board.Silence([new SilentReplica("b", 2)]);
        var silent = board.Look([]);
        board.Apply(board.Enter("b"), FleetScene.Whole("b", ("n1", 5)));
        var told = board.Look([]);

        Assert.That((silent.Count(StatusScene.Policy), told.Count(StatusScene.Policy)), Is.EqualTo((2, 1)));
        Assert.That(told.Silent, Is.Empty);
    }

    [Test]
    public async Task Changes_wake_who_waits_and_a_beat_does_not()
    {
        await LeadAsync();
        var replica = board.Enter("b");
        board.Apply(replica, FleetScene.Whole("b", ("n1", 5)));

        var changed = board.WaitForChangeAsync(CancellationToken.None);
        board.Apply(replica, new ReplicaReport { Replica = "b" });
        var afterBeat = changed.IsCompleted;
        board.Apply(replica, new ReplicaReport { Replica = "b", Gone = [new ObjectName("TrafficPolicy", "shop", "x")] });
        await changed.WithTimeout();

        Assert.That(afterBeat, Is.False);
    }

    [Test]
    public void Figures_are_there_to_be_told_while_another_one_leads()
    {
        var scene = new StatusScene().WithProxy("n1", static proxy => StatusScene.Accepting(proxy, 2));
        scene.WithFleet(board.Look(scene.Input().Proxies));

        board.Reported(scene.Input(), scene.Run());
        var own = board.Own.Value!;

        Assert.That(own.Roster.Select(static entry => entry.Node), Is.EqualTo(Nodes("n1")));
        Assert.That(own.Since, Is.EqualTo(new[] { board.Now }));
        Assert.That(own.Objects[StatusScene.Policy].Stages, Is.EqualTo("A"));
        Assert.That(own.Nodes.Keys.Select(static key => key.ToString()), Is.EqualTo(new[] { "MeshNode n1" }));
    }

    private static NodeName[] Nodes(params string[] names) => [.. names.Select(static name => new NodeName(name))];

    private async Task LeadAsync()
    {
        var leading = board.LeadAsync([], CancellationToken.None);
        board.Look([]);
        board.Reported(new StatusScene().Input(), new StatusScene().Run());
        await leading.WithTimeout();
    }
}
