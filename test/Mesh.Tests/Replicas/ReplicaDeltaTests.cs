// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Mesh.Model;
using Mesh.Operator.Replicas;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Tests.Status;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Replicas;

/// <summary>What a replica tells, and what the leader has of it.</summary>
internal sealed class ReplicaDeltaTests
{
    private static readonly FakeTimeProvider Clock = new();

    // All came a minute ago.
    private static readonly TimeSpan Now = new FleetBoard(new FleetOptions(), Clock).Now + TimeSpan.FromMinutes(1);
    private static readonly ObjectKey Other = new("TrafficPolicy", "shop", "other");

    [Test]
    public void First_report_and_one_of_another_roster_are_whole()
    {
        var first = Figures("n1");
        var second = Figures("n1", "n2");

        Assert.That(ReplicaDelta.Of("b", told: null, first, Now).Roster, Has.Count.EqualTo(1));
        Assert.That(ReplicaDelta.Of("b", first, second, Now).Roster!.Select(static entry => (entry.Node, entry.Age)), Is.EqualTo(
            new[] { ("n1", TimeSpan.FromMinutes(1)), ("n2", TimeSpan.FromMinutes(1)) }));
        Assert.That(ReplicaDelta.Of("b", first, second, Now).Objects, Has.Count.EqualTo(1));
    }

    [Test]
    public void Same_figures_are_nothing_to_tell()
    {
        Assert.That(ReplicaDelta.Of("b", Figures("n1"), Figures("n1"), Now).IsEmpty, Is.True);
    }

    [Test]
    public void What_changes_and_what_goes_is_told_and_the_leader_has_the_same_then()
    {
        var before = Figures("n1", "n2");
        var after = before with
        {
            Objects = before.Objects.Remove(StatusScene.Policy).Add(Other, new ObjectFigures(3, 5, "AR", [new StageWords(1, "Route r", "no", true, false, "x")])),
            Nodes = before.Nodes.Remove(NodeReport.KeyOf("n2")),
        };
        var replica = new ReplicaState("b");
        replica.Apply(Sent(ReplicaDelta.Of("b", told: null, before, Now)), Now);

        var delta = Sent(ReplicaDelta.Of("b", before, after, Now));
        replica.Apply(delta, Now);
        var known = replica.FiguresAfter(static _ => true)!;

        Assert.That((delta.Roster, delta.Objects.Count, delta.Gone.Count, delta.Nodes.Count, delta.GoneNodes.Count), Is.EqualTo(((object?)null, 1, 1, 0, 1)));
        Assert.That(known.Roster, Is.EqualTo(after.Roster));
        Assert.That(known.Objects, Is.EquivalentTo(after.Objects));
        Assert.That(known.Nodes, Is.EquivalentTo(after.Nodes));
        Assert.That(replica.Arrivals.Select(static arrival => arrival.Since), Is.EqualTo(after.Since));
    }

    [Test]
    public void Namespace_of_an_application_is_told()
    {
        var known = Figures("n1");
        var figures = known with { Roster = [known.Roster[0] with { IsProxyless = true, Namespace = "pay" }] };
        var replica = new ReplicaState("b");

        replica.Apply(Sent(ReplicaDelta.Of("b", told: null, figures, Now)), Now);

        Assert.That(replica.FiguresAfter(static _ => true)!.Roster, Is.EqualTo(figures.Roster));
    }

    /// <summary>As it arrives.</summary>
    private static ReplicaReport Sent(ReplicaReport report) => JsonSerializer.Deserialize(
        JsonSerializer.Serialize(report, ReplicaJson.Default.ReplicaReport), ReplicaJson.Default.ReplicaReport)!;

    private static OwnFigures Figures(params string[] nodes)
    {
        var board = new FleetBoard(new FleetOptions(), Clock);
        var scene = new StatusScene();
        foreach (var node in nodes)
        {
            scene.WithProxy(node, static proxy => StatusScene.Refusing(proxy, "no", StatusScene.Reference(2)));
        }

        scene.WithFleet(board.Look(scene.Input().Proxies));
        board.Reported(scene.Input(), scene.Run());
        return board.Own.Value!;
    }
}
