// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using static Mesh.Tests.Streams.Script;
using static Mesh.Xds.ResourceType;

namespace Mesh.Tests.Streams;

/// <summary>Make before break: what is sent in which order, and what waits for which answer.</summary>
internal sealed class DeltaSessionOrderTests
{
    [Test]
    public void Session_push_of_all_types_comes_in_order()
    {
        var script = new Script();
        foreach (var type in ResourceTypes.PushOrder.Reverse())
        {
            script.Subscribe(type, "*");
        }

        var sent = script.Publish([.. ResourceTypes.PushOrder.Select(static type => Resource(type, "x", "1"))]);

        Assert.That(sent, Is.EqualTo(
            "Runtime +x=1 #1 | Secret +x=1 #2 | Cluster +x=1 #3 | Endpoint +x=1 #4 | "
            + "Extension +x=1 #5 | Route +x=1 #6 | ScopedRoute +x=1 #7 | Listener +x=1 #8 | VirtualHost +x=1 #9"));
    }

    [Test]
    public void Session_changed_cluster_is_followed_by_its_unchanged_assignment()
    {
        var script = new Script();
        script.Publish(Resource(Cluster, "a", "1", Assignment("x")), Resource(Endpoint, "x", "1"));
        script.Subscribe(Cluster);
        script.Subscribe(Endpoint, "x");

        Assert.That(script.Publish(Resource(Cluster, "a", "2", Assignment("x"))), Is.EqualTo("Cluster +a=2 #3 | Endpoint +x=1 #4"));
    }

    [Test]
    public void Session_new_cluster_gets_its_assignment_once()
    {
        var script = new Script();
        script.Publish(Resource(Cluster, "a", "1", Assignment("x")), Resource(Endpoint, "x", "1"));

        Assert.That(script.Subscribe(Cluster), Is.EqualTo("Cluster +a=1 #1"));
        Assert.That(script.Subscribe(Endpoint, "x"), Is.EqualTo("Endpoint +x=1 #2"));
        Assert.That(script.Ack(2) + script.Ack(1), Is.Empty);
    }

    [Test]
    public void Session_new_cluster_of_an_assignment_in_use_gets_it_though_nobody_asks()
    {
        var script = new Script();
        script.Publish(Resource(Cluster, "a", "1", Assignment("x")), Resource(Endpoint, "x", "1"));
        script.Subscribe(Cluster);
        script.Subscribe(Endpoint, "x");

        Assert.That(script.Publish(Resource(Cluster, "b", "1", Assignment("x"))), Is.EqualTo("Cluster +b=1 #3 | Endpoint +x=1 #4"));
    }

    [Test]
    public void Session_changed_assignment_is_sent_alone()
    {
        var script = new Script();
        script.Publish(Resource(Cluster, "a", "1", Assignment("x")), Resource(Endpoint, "x", "1"));
        script.Subscribe(Cluster);
        script.Subscribe(Endpoint, "x");

        Assert.That(script.Publish(Resource(Endpoint, "x", "2")), Is.EqualTo("Endpoint +x=2 #3"));
    }

    [Test]
    public void Session_removals_wait_for_every_addition_of_the_push()
    {
        var script = new Script();
        script.Publish(Resource(Cluster, "old", "1"), Resource(Route, "r", "to old"));
        script.Subscribe(Cluster);
        script.Subscribe(Route, "r");
        script.Ack(1);
        script.Ack(2);

        var push = script.Publish([new ResourceKey(Cluster, "old")], Resource(Cluster, "new", "1"), Resource(Route, "r", "to new"));

        Assert.That(push, Is.EqualTo("Cluster +new=1 #3 | Route +r=to new #4"));
        Assert.That(script.Ack(3), Is.Empty);
        Assert.That(script.Ack(4), Is.EqualTo("Cluster -old #5"));
    }

    [Test]
    public void Session_removals_wait_for_what_a_refusal_had_sent_again()
    {
        var script = new Script();
        script.Publish(Resource(Cluster, "old", "1"));
        script.Subscribe(Cluster);
        script.Ack(1);
        script.Publish([new ResourceKey(Cluster, "old")], Resource(Cluster, "bad", "1"), Resource(Cluster, "new", "1"));

        Assert.That(script.Nack(2, "Error adding/updating cluster(s) bad: no"), Is.EqualTo("Cluster +new=1 #3"));
        Assert.That(script.Ack(3), Is.EqualTo("Cluster -old #4"));
    }

    [Test]
    public void Session_removals_go_from_what_names_to_what_is_named()
    {
        var script = new Script();
        foreach (var type in ResourceTypes.PushOrder)
        {
            script.Subscribe(type, "*");
        }

        script.Publish([.. ResourceTypes.PushOrder.Select(static type => Resource(type, "x", "1"))]);
        for (var number = 1; number <= 9; number++)
        {
            script.Ack(number);
        }

        var sent = script.Publish([.. ResourceTypes.PushOrder.Select(static type => new ResourceKey(type, "x"))]);

        Assert.That(sent, Is.EqualTo(
            "Listener -x #10 | ScopedRoute -x #11 | Route -x #12 | VirtualHost -x #13 | Extension -x #14 | "
            + "Cluster -x #15 | Endpoint -x #16 | Secret -x #17 | Runtime -x #18"));
    }

    [Test]
    public void Session_resource_back_before_its_removal_was_sent_is_not_removed()
    {
        var script = new Script();
        script.Publish(Resource(Cluster, "a", "1"));
        script.Subscribe(Cluster);
        script.Publish([new ResourceKey(Cluster, "a")], Resource(Cluster, "b", "1"));

        Assert.That(script.Publish(Resource(Cluster, "a", "1")), Is.Empty);
        Assert.That(script.Ack(1) + script.Ack(2), Is.Empty);
    }

    [Test]
    public void Session_resource_back_after_its_removal_was_sent_is_sent_again()
    {
        var script = new Script();
        script.Publish(Resource(Cluster, "a", "1"));
        script.Subscribe(Cluster);
        script.Ack(1);

        Assert.That(script.Publish([new ResourceKey(Cluster, "a")]), Is.EqualTo("Cluster -a #2"));
        Assert.That(script.Publish(Resource(Cluster, "a", "1")), Is.EqualTo("Cluster +a=1 #3"));
        Assert.That(script.Ack(2) + script.Ack(3), Is.Empty);
        Assert.That(script.State.Accepted.Keys, Is.EquivalentTo(new[] { new ResourceKey(Cluster, "a") }));
    }

    [Test]
    public void Session_assignment_of_a_cluster_that_is_still_held_stays()
    {
        var script = new Script();
        script.Publish(Resource(Cluster, "a", "1", Assignment("x")), Resource(Endpoint, "x", "1"));
        script.Subscribe(Cluster);
        script.Subscribe(Endpoint, "x");
        script.Ack(1);
        script.Ack(2);

        // The proxy refuses the cluster that no longer needs the assignment, and keeps the one that does.
        var push = script.Publish([new ResourceKey(Endpoint, "x")], Resource(Cluster, "a", "static"));
        Assert.That(push, Is.EqualTo("Cluster +a=static #3"));
        Assert.That(script.Nack(3, "no"), Is.Empty);

        Assert.That(script.Publish([new ResourceKey(Cluster, "a")]), Is.EqualTo("Cluster -a #4 | Endpoint -x #5"));
    }

    [Test]
    public void Session_resource_that_becomes_on_demand_leaves_the_wildcard()
    {
        var script = new Script();
        script.Publish(Resource(Cluster, "a", "1"));
        script.Subscribe(Cluster);
        script.Ack(1);

        Assert.That(script.Publish(Resource(Cluster, "a", "1", new ScriptDetails(OnDemand: true))), Is.EqualTo("Cluster -a #2"));
    }
}
