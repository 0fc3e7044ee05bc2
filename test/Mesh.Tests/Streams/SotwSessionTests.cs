// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds;
using Mesh.Xds.Streams;
using static Mesh.Tests.Streams.Script;
using static Mesh.Xds.ResourceType;

namespace Mesh.Tests.Streams;

/// <summary>The rules of the state-of-the-world variant, above all what a response holds and what waits for an answer.</summary>
internal sealed class SotwSessionTests
{
    [Test]
    public void Session_change_of_a_cluster_sends_all_clusters()
    {
        var script = Started();

        Assert.That(script.Publish(Resource(Cluster, "b", "2")), Is.EqualTo("Cluster a=1 b=2 #2"));
        Assert.That(script.Ack(2), Is.Empty);
    }

    [Test]
    public void Session_change_of_a_named_type_sends_only_that_resource()
    {
        var script = new SotwScript();
        script.Publish(Resource(Endpoint, "a", "1"), Resource(Endpoint, "b", "1"));
        Assert.That(script.Subscribe(Endpoint, "a", "b"), Is.EqualTo("Endpoint a=1 b=1 #1"));
        script.Ack(1);

        Assert.That(script.Publish(Resource(Endpoint, "b", "2")), Is.EqualTo("Endpoint b=2 #2"));
    }

    [Test]
    public void Session_changes_wait_for_the_answer_and_skip_to_the_newest()
    {
        var script = Started();
        script.Publish(Resource(Cluster, "a", "2"));

        Assert.That(script.Publish(Resource(Cluster, "a", "3")), Is.Empty);
        Assert.That(script.Publish(Resource(Cluster, "a", "4")), Is.Empty);
        Assert.That(script.Ack(2), Is.EqualTo("Cluster a=4 b=1 #3"));
    }

    // What waits to be tried again is not wanted for a moment, and then it is new.
    [Test]
    public void Session_refusal_of_a_name_dropped_and_taken_up_while_it_waits_ends_with_its_next_version()
    {
        var script = new SotwScript();
        script.Subscribe(ResourceType.Endpoint, "a", "b");
        script.Publish(Resource(ResourceType.Endpoint, "a", "1"), Resource(ResourceType.Endpoint, "b", "bad"));
        script.Naming("a");
        script.Nack(1, "one of them is bad");
        script.Naming("a", "b");
        script.Ack(2);
        script.Publish(Resource(ResourceType.Endpoint, "b", "1"));
        script.Nack(3, "bad");

        script.Ack(4);

        Assert.That(script.Sent.Skip(1).Select(static sent => sent.Resources.Single().Key.Name), Is.EqualTo(new[] { "a", "b", "b" }));
        Assert.That(script.State.Rejected, Is.Empty);
    }

    [Test]
    public void Session_stale_nonce_changes_nothing()
    {
        var script = Started();
        script.Publish(Resource(Cluster, "a", "2"));

        Assert.That(script.Ack(1), Is.Empty);
        Assert.That(script.State.Pending, Is.EquivalentTo(new[] { new ResourceKey(Cluster, "a") }));
    }

    [Test]
    public void Session_no_names_after_names_ends_the_subscription()
    {
        var script = new SotwScript();
        script.Publish(Resource(Cluster, "a", "1"));
        Assert.That(script.Subscribe(Cluster, "a"), Is.EqualTo("Cluster a=1 #1"));
        script.Ack(1);

        Assert.That(script.Subscribe(Cluster), Is.Empty);
        Assert.That(script.Publish(Resource(Cluster, "a", "2")), Is.Empty);
        Assert.That(script.State.Accepted, Is.Empty);
    }

    [Test]
    public void Session_removed_cluster_is_missing_in_the_next_response()
    {
        var script = Started();

        Assert.That(script.Publish([new ResourceKey(Cluster, "a")]), Is.EqualTo("Cluster b=1 #2"));
        script.Ack(2);
        Assert.That(script.State.Accepted.Keys, Is.EquivalentTo(new[] { new ResourceKey(Cluster, "b") }));
    }

    [Test]
    public void Session_cluster_goes_after_the_listener_that_led_to_it()
    {
        var script = Started();
        script.Publish(Resource(Listener, "l", "1"));
        script.Subscribe(Listener);
        script.Ack(2);

        Assert.That(script.Publish([new ResourceKey(Cluster, "a"), new ResourceKey(Listener, "l")]), Is.EqualTo("Listener #3"));
        Assert.That(script.Ack(3), Is.EqualTo("Cluster b=1 #4"));
    }

    [Test]
    public void Session_listener_waits_for_a_cluster_that_cannot_be_sent_yet()
    {
        var script = Started();
        script.Subscribe(Listener);
        script.Ack(2);
        script.Publish(Resource(Cluster, "a", "2"));

        Assert.That(script.Publish(Resource(Cluster, "c", "1"), Resource(Listener, "l", "1")), Is.Empty);
        Assert.That(script.Ack(3), Is.EqualTo("Cluster a=2 b=1 c=1 #4 | Listener l=1 #5"));
    }

    [Test]
    public void Session_changed_cluster_is_followed_by_its_unchanged_assignment()
    {
        var script = new SotwScript();
        script.Publish(Resource(Cluster, "a", "1", Assignment("x")), Resource(Endpoint, "x", "1"));
        script.Subscribe(Cluster);
        script.Subscribe(Endpoint, "x");
        script.Ack(1);
        script.Ack(2);

        Assert.That(script.Publish(Resource(Cluster, "a", "2", Assignment("x"))), Is.EqualTo("Cluster a=2 #3 | Endpoint x=1 #4"));
    }

    [Test]
    public void Session_refused_cluster_is_kept_in_its_last_good_version()
    {
        var script = Started();
        script.Publish(Resource(Cluster, "a", "bad"), Resource(Cluster, "b", "2"));

        Assert.That(script.Nack(2, "Error adding/updating cluster(s) a: no"), Is.EqualTo("Cluster a=1 b=2 #3"));
        Assert.That(script.Ack(3), Is.Empty);
        var rejected = script.State.Rejected.Single();
        Assert.That((rejected.Key.Name, rejected.Value.Message), Is.EqualTo(("a", "Error adding/updating cluster(s) a: no")));
        Assert.That(script.State.Accepted.Keys.Select(static key => key.Name), Is.EquivalentTo(new[] { "a", "b" }));
    }

    [Test]
    public void Session_refused_version_is_not_sent_again_and_a_later_one_is()
    {
        var script = Started();
        script.Publish(Resource(Cluster, "a", "bad"));
        Assert.That(script.Nack(2, "no"), Is.Empty);

        Assert.That(script.Publish(Resource(Cluster, "b", "2")), Is.EqualTo("Cluster a=1 b=2 #3"));
        script.Ack(3);
        Assert.That(script.Publish(Resource(Cluster, "a", "3")), Is.EqualTo("Cluster a=3 b=2 #4"));
        script.Ack(4);
        Assert.That(script.State.Rejected, Is.Empty);
    }

    [Test]
    public void Session_proxy_that_refuses_everything_is_left_alone_soon()
    {
        var script = new SotwScript();
        script.Publish([.. Enumerable.Range(0, 64).Select(static i => Resource(Cluster, $"c{i:D2}", "1"))]);
        script.Subscribe(Cluster);

        for (var number = 1; number <= script.Sent.Count; number++)
        {
            script.Nack(number, "no");
        }

        Assert.That(script.Sent, Has.Count.LessThan(12));
        Assert.That(script.State.Rejected, Has.Count.EqualTo(64));
    }

    [Test]
    public void Session_proxy_that_comes_back_with_all_is_sent_nothing()
    {
        var script = Started();
        var version = script.Sent[0].Version;
        var later = new SotwScript();
        later.Publish(Resource(Cluster, "a", "1"), Resource(Cluster, "b", "1"));

        Assert.That(later.Resume(Cluster, version), Is.Empty);
        Assert.That(later.State.Accepted, Has.Count.EqualTo(2));
        Assert.That(later.Publish(Resource(Cluster, "a", "2")), Is.EqualTo("Cluster a=2 b=1 #1"));
    }

    [Test]
    public void Session_proxy_that_comes_back_with_more_than_a_response_holds_is_sent_nothing()
    {
        var limits = SessionLimits.Default with { ResponseBytes = Resource(Endpoint, "a", "1").Bare.Length };
        var script = new SotwScript(limits);
        script.Publish(Resource(Endpoint, "a", "1"), Resource(Endpoint, "b", "1"), Resource(Endpoint, "c", "1"));
        script.Subscribe(Endpoint, "a", "b", "c");
        Assert.That(script.Ack(1), Is.EqualTo("Endpoint c=1 #2"));
        var later = new SotwScript(limits);
        later.Publish(Resource(Endpoint, "a", "1"), Resource(Endpoint, "b", "1"), Resource(Endpoint, "c", "1"));

        Assert.That(later.Resume(Endpoint, script.Sent[1].Version, "a", "b", "c"), Is.Empty);
        Assert.That(later.State.Accepted, Has.Count.EqualTo(3));
    }

    [Test]
    public void Session_version_tells_the_content()
    {
        var script = Started();
        script.Publish(Resource(Cluster, "a", "2"));
        script.Ack(2);
        script.Publish(Resource(Cluster, "a", "1"));

        Assert.That(script.Sent[2].Version, Is.EqualTo(script.Sent[0].Version).And.Not.EqualTo(script.Sent[1].Version));
    }

    private static SotwScript Started()
    {
        var script = new SotwScript();
        script.Publish(Resource(Cluster, "a", "1"), Resource(Cluster, "b", "1"));
        Assert.That(script.Subscribe(Cluster), Is.EqualTo("Cluster a=1 b=1 #1"));
        Assert.That(script.Ack(1), Is.Empty);
        return script;
    }
}
