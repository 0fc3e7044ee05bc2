// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;

namespace Mesh.Tests.Status;

/// <summary>Statuses where other replicas have proxies too.</summary>
internal sealed class FleetStatusTests
{
    private static readonly ulong Resources = FiguresOf(new StatusScene().WithProxy("n")).Resources;

    [Test]
    public void Proxies_of_another_replica_count()
    {
        var scene = Here().WithFleet(With(Told("AD")));

        Assert.That(scene.Condition(ConditionTypes.Programmed), Is.EqualTo(new ConditionState(
            "Programmed", ConditionStatus.True, "Programmed", "In force on 3/3 proxies. 1 of them has not used it yet and fetches it at first use.")));
        Assert.That(scene.Report().Proxies, Is.EqualTo(new ProxySummary(3, 3, 0)));
    }

    [Test]
    public void Refusal_at_another_replica_is_told_with_node_and_words()
    {
        var words = new StageWords(1, "Route r/shop/cart:8080", "no such thing", HasEarlier: true, IsWithheld: false, Without: string.Empty);
        var scene = Here().WithFleet(With(Told("AR", words)));

        Assert.That(scene.Condition(ConditionTypes.Programmed), Is.EqualTo(new ConditionState(
            "Programmed",
            ConditionStatus.False,
            "RejectedByProxy",
            "Refused by 1 of 3 proxies, in force on 2/3. n3: no such thing (Route r/shop/cart:8080). Where it was refused, the version before keeps serving.")));
        Assert.That(scene.Report().Proxies, Is.EqualTo(new ProxySummary(3, 2, 1)));
    }

    [TestCase(1, TestName = "Replica that is behind: its proxies are waited for")]
    [TestCase(3, TestName = "Replica that is ahead: its proxies are waited for")]
    public void Figures_of_another_generation_say_nothing_of_this_one(int generation)
    {
        var scene = Here().WithFleet(With(Told("AA") with { Generation = generation }));

        Assert.That(scene.Condition(ConditionTypes.Programmed), Is.EqualTo(
            new ConditionState("Programmed", ConditionStatus.Unknown, "Pending", "In force on 1/3 proxies; waiting for n2, n3.")));
    }

    [Test]
    public void Figures_about_other_resources_are_of_another_state_of_the_mesh_but_a_refusal_is_one()
    {
        var behind = Told("AD") with { Resources = Resources + 1 };
        var refusing = Told("RD", new StageWords(0, "Route r", "no", false, false, string.Empty)) with { Resources = Resources + 1 };

        Assert.That(Here().WithFleet(With(behind)).Condition(ConditionTypes.Programmed).Message, Is.EqualTo("In force on 1/3 proxies; waiting for n2, n3."));
        Assert.That(Here().WithFleet(With(refusing)).Condition(ConditionTypes.Programmed).Status, Is.EqualTo(ConditionStatus.False));
    }

    [Test]
    public void Object_that_another_replica_does_not_know_yet_is_waited_for()
    {
        var scene = Here().WithFleet(With(figures: null));

        Assert.That(scene.Condition(ConditionTypes.Programmed).Message, Is.EqualTo("In force on 1/3 proxies; waiting for n2, n3."));
    }

    [Test]
    public void Node_counts_where_it_came_last()
    {
        var there = Here().WithFleet(With(Told("AA")) with { Elsewhere = [new NodeName("n1")] });
        var here = new StatusScene().WithProxy("n2", proxy => StatusScene.Accepting(proxy, 2))
            .WithFleet(With(Told("PA"), elsewhere: new NodeName("n2")));

        Assert.That(there.Report().Proxies, Is.EqualTo(new ProxySummary(2, 2, 0)), "what is here is old");
        Assert.That(there.ReportAll().Keys.Select(static key => key.Name), Does.Not.Contain("n1"));
        Assert.That(here.Report().Proxies, Is.EqualTo(new ProxySummary(2, 2, 0)), "what is there is old");
    }

    [Test]
    public void Proxy_that_may_be_on_its_way_is_waited_for()
    {
        var scene = Here().WithFleet(new FleetView { Underway = [new NodeName("n7")] });

        Assert.That(scene.Condition(ConditionTypes.Programmed).Message, Is.EqualTo("In force on 1/2 proxies; waiting for n7."));
    }

    [Test]
    public void Replica_that_cannot_tell_of_its_proxies_makes_no_count_whole()
    {
        var scene = Here().WithFleet(new FleetView { Silent = [new SilentReplica("b", 2)] });

        Assert.That(scene.Condition(ConditionTypes.Programmed), Is.EqualTo(new ConditionState(
            "Programmed", ConditionStatus.Unknown, "Pending", "In force on 1/3 proxies; waiting for a proxy of replica b, which cannot tell of it.")));
        Assert.That(scene.Report().Proxies, Is.EqualTo(new ProxySummary(3, 1, 0)));
    }

    [Test]
    public void Figures_are_made_where_they_are_asked_for_only()
    {
        var scene = Here().WithProxy("n2").WithProxy("n3", static proxy => StatusScene.Refusing(proxy, "no", StatusScene.Reference(2)));

        Assert.That(scene.Run().Figures, Is.Empty);
        Assert.That(FiguresOf(scene), Is.EqualTo(new ObjectFigures(
            2, Resources, "ADR", [new StageWords(2, "Route r/shop/cart:8080", "no", HasEarlier: false, IsWithheld: false, Without: string.Empty)])));
    }

    [Test]
    public void What_is_withheld_is_figured_as_refused_everywhere()
    {
        var figures = FiguresOf(new StatusScene().WithProxy("n1").WithProxy("n2").WithoutRoute().WithRefused("value is too large"));

        Assert.That(figures.Stages, Is.EqualTo("RR"));
        Assert.That(figures.Words[0], Is.EqualTo(new StageWords(0, "Route r/shop/cart:8080", "value is too large", HasEarlier: false, IsWithheld: true, Without: string.Empty)));
    }

    [Test]
    public void Words_are_few_however_many_proxies_refuse()
    {
        var scene = new StatusScene();
        for (var i = 0; i < 50; i++)
        {
            scene.WithProxy($"n{i:00}", static proxy => StatusScene.Refusing(proxy, "no", StatusScene.Reference(2)));
        }

        Assert.That(FiguresOf(scene).Words, Has.Count.EqualTo(8));
    }

    [Test]
    public void Mesh_as_two_replicas_see_it_is_judged_as_if_one_did([Values("A", "D", "P", "R")] string first, [Values("A", "D", "P", "R")] string second)
    {
        var together = With(With(new StatusScene(), "n1", first), "n2", second).Report();
        var told = FiguresOf(With(new StatusScene(), "n2", second));
        var apart = With(new StatusScene(), "n1", first).WithFleet(With(told, "n2")).Report();

        Assert.That(apart, Is.EqualTo(together));
    }

    [Test]
    public void Client_of_another_namespace_says_nothing_at_another_replica_either()
    {
        var view = With(Told("AR", new StageWords(1, "Route r", "no", HasEarlier: false, IsWithheld: false, Without: "")));
        var foreign = view.Others[0].Roster.SetItem(1, new RosterEntry(new NodeName("grpc/c"), IsProxyless: true, IsLoopback: false) { Namespace = "pay" });

        var status = Here().WithFleet(view with { Others = [view.Others[0] with { Roster = foreign }] }).Report();

        Assert.That(status.Proxies, Is.EqualTo(new ProxySummary(2, 2, 0)));
    }

    [Test]
    public void Client_of_another_namespace_keeps_its_place_in_what_is_told()
    {
        var figures = FiguresOf(new StatusScene()
            .WithProxy("grpc/c", static proxy => proxy with { IsProxyless = true, Namespace = "pay" })
            .WithProxy("n2", static proxy => StatusScene.Accepting(proxy, 2)));

        Assert.That(figures.Stages, Is.EqualTo("PA"));
    }

    private static StatusScene With(StatusScene scene, string node, string stage) => scene.WithProxy(node, proxy => stage switch
    {
        "A" => StatusScene.Accepting(proxy, 2),
        "P" => StatusScene.Accepting(proxy, 1),
        "R" => StatusScene.Refusing(StatusScene.Accepting(proxy, 1), "no", StatusScene.Reference(2)),
        _ => proxy,
    });

    private static StatusScene Here() => new StatusScene().WithProxy("n1", static proxy => StatusScene.Accepting(proxy, 2));

    private static ObjectFigures FiguresOf(StatusScene scene) => scene.WithFleet(new FleetView { WantsFigures = true }).Run().Figures[StatusScene.Policy];

    private static ObjectFigures Told(string stages, params StageWords[] words) => new(2, Resources, stages, words.ToEquatableArray());

    private static FleetView With(ObjectFigures? figures, params string[] nodes) => new()
    {
        Others =
        [
            new ReplicaFigures
            {
                Replica = "b",
                Roster = [.. (nodes.Length == 0 ? ["n2", "n3"] : nodes).Select(static node => new RosterEntry(new NodeName(node), IsProxyless: false, IsLoopback: false))],
                Objects = figures is null
                    ? ImmutableDictionary<ObjectKey, ObjectFigures>.Empty
                    : ImmutableDictionary<ObjectKey, ObjectFigures>.Empty.Add(StatusScene.Policy, figures),
                Nodes = ImmutableDictionary<ObjectKey, ObjectStatus>.Empty,
            },
        ],
    };

    private static FleetView With(ObjectFigures figures, NodeName elsewhere)
    {
        var view = With(figures);
        return view with { Others = [view.Others[0] with { Elsewhere = [elsewhere] }] };
    }
}
