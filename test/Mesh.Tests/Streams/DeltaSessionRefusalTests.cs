// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;
using Microsoft.Extensions.Time.Testing;
using static Mesh.Tests.Streams.Script;
using static Mesh.Xds.ResourceType;

namespace Mesh.Tests.Streams;

/// <summary>Acknowledgement and refusal: booked by nonce and per resource, and never repeated.</summary>
internal sealed class DeltaSessionRefusalTests
{
    private static readonly ResourceRef Policy1 = new("TrafficPolicy", "shop", "cart", 1);
    private static readonly ResourceRef Policy2 = new("TrafficPolicy", "shop", "cart", 2);
    private static readonly ResourceRef Service = new("Service", "shop", "cart", 0);

    [Test]
    public void Session_ack_is_booked_for_the_response_that_it_names()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1"));
        script.Publish(Resource(Cluster, "a", "2"), Resource(Cluster, "b", "2"));

        script.Ack(1);

        Assert.That(script.State.Accepted, Is.EquivalentTo(new[] { Accepted(Resource(Cluster, "a", "1")) }));
        Assert.That(script.State.Pending, Is.EquivalentTo(new[] { new ResourceKey(Cluster, "a"), new ResourceKey(Cluster, "b") }));
    }

    [Test]
    public void Session_acks_out_of_order_the_newest_stays()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1"));
        script.Publish(Resource(Cluster, "a", "2"));

        script.Ack(2);
        script.Ack(1);

        Assert.That(script.State.Accepted, Is.EquivalentTo(new[] { Accepted(Resource(Cluster, "a", "2")) }));
    }

    [Test]
    public void Session_nack_of_a_superseded_version_does_not_touch_the_newer()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "bad"));
        script.Publish(Resource(Cluster, "a", "good"));

        Assert.That(script.Nack(1, "no") + script.Ack(2), Is.Empty);
        Assert.That(script.State.Accepted, Is.EquivalentTo(new[] { Accepted(Resource(Cluster, "a", "good")) }));
        Assert.That(script.State.Rejected, Is.Empty);
    }

    [Test]
    public void Session_only_resource_of_a_response_is_the_refused_one()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1", new ScriptDetails(Origins: Origins.Of(Service, Policy1))));
        script.Ack(1);
        script.Publish(Resource(Cluster, "a", "2", new ScriptDetails(Origins: Origins.Of(Service, Policy2))));

        Assert.That(script.Nack(2, "missing ): (("), Is.Empty);

        Assert.That(script.State.Accepted[new ResourceKey(Cluster, "a")].Version, Is.EqualTo(Resource(Cluster, "a", "1").Version));
        Assert.That(script.State.Rejected[new ResourceKey(Cluster, "a")], Is.EqualTo(new RejectedResource(
            Resource(Cluster, "a", "2").Version, Origins.Of(Service, Policy2), Origins.Of(Policy2), "missing ): ((")));
        Assert.That(script.State.Pending, Is.Empty);
    }

    [Test]
    public void Session_refused_version_is_not_sent_again_until_the_content_changes()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "good"));
        script.Ack(1);
        script.Publish(Resource(Cluster, "a", "bad"));
        script.Nack(2, "no");

        Assert.That(script.Publish(Resource(Cluster, "other", "1")), Is.EqualTo("Cluster +other=1 #3"));
        Assert.That(script.Publish(Resource(Cluster, "a", "bad")), Is.Empty);
        Assert.That(script.Publish(Resource(Cluster, "a", "better")), Is.EqualTo("Cluster +a=better #4"));
        Assert.That(script.State.Rejected.Keys, Is.EquivalentTo(new[] { new ResourceKey(Cluster, "a") }));

        script.Ack(4);
        Assert.That(script.State.Rejected, Is.Empty);
    }

    [Test]
    public void Session_content_back_to_what_is_accepted_clears_the_refusal_without_a_message()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "good"));
        script.Ack(1);
        script.Publish(Resource(Cluster, "a", "bad"));
        script.Nack(2, "no");

        Assert.That(script.Publish(Resource(Cluster, "a", "good")), Is.Empty);
        Assert.That(script.State.Rejected, Is.Empty);
        Assert.That(script.Publish(Resource(Cluster, "a", "bad")), Is.EqualTo("Cluster +a=bad #3"));
    }

    [Test]
    public void Session_refused_resource_that_goes_away_is_no_longer_refused()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "bad"));
        script.Nack(1, "no");

        Assert.That(script.Publish([new ResourceKey(Cluster, "a")]), Is.Empty);
        Assert.That(script.State.Rejected, Is.Empty);
    }

    [Test]
    public void Session_late_ack_behind_a_refusal_of_the_newer_is_booked_and_ends_no_refusal()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1"));
        script.Publish(Resource(Cluster, "a", "bad"));

        script.Nack(2, "no");
        script.Ack(1);

        Assert.That(script.State.Accepted, Is.EquivalentTo(new[] { Accepted(Resource(Cluster, "a", "1")) }));
        Assert.That(script.State.Rejected.Keys, Is.EquivalentTo(new[] { new ResourceKey(Cluster, "a") }));
        Assert.That(script.Publish([new ResourceKey(Cluster, "a")]), Is.EqualTo("Cluster -a #3"));
    }

    [Test]
    public void Session_late_ack_of_what_was_withdrawn_meanwhile_brings_its_removal()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1"));
        script.Publish(Resource(Cluster, "a", "bad"));
        script.Nack(2, "no");
        script.Publish([new ResourceKey(Cluster, "a")]);

        Assert.That(script.Ack(1), Is.EqualTo("Cluster -a #3"));
    }

    [Test]
    public void Session_resource_of_a_refused_response_that_was_not_wanted_then_is_sent_when_it_is()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1"), Resource(Cluster, "bad", "1"));
        script.Publish([new ResourceKey(Cluster, "a")]);
        script.Nack(1, "Error adding/updating cluster(s) bad: no");

        Assert.That(script.Publish(Resource(Cluster, "a", "1")), Is.EqualTo("Cluster +a=1 #3"));
        Assert.That(script.Sent[1].Removed, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Session_refusal_before_the_answer_to_a_removal_leaves_nothing()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1"));
        script.Ack(1);
        script.Publish([new ResourceKey(Cluster, "a")]);
        script.Publish(Resource(Cluster, "a", "bad"));

        script.Nack(3, "no");
        script.Ack(2);

        Assert.That(script.State.Accepted, Is.Empty);
        Assert.That(script.Publish(Resource(Cluster, "a", "1")), Is.EqualTo("Cluster +a=1 #4"));
    }

    [Test]
    public void Session_refused_version_that_is_subscribed_to_again_shows_its_refusal_and_is_not_sent()
    {
        var script = new Script();
        script.Publish(Resource(Route, "r", "bad"));
        script.Subscribe(Route, "r");
        script.Nack(1, "no");
        script.Unsubscribe(Route, "r");
        Assert.That(script.State.Rejected, Is.Empty);

        Assert.That(script.Subscribe(Route, "r"), Is.EqualTo("Route -r #3"));
        Assert.That(script.State.Rejected.Values.Single().Message, Is.EqualTo("no"));
    }

    [Test]
    public void Session_refusal_that_comes_after_the_resource_went_is_nobodys()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "bad"));
        script.Publish([new ResourceKey(Cluster, "a")]);

        Assert.That(script.Nack(1, "no"), Is.Empty);
        Assert.That(script.State.Rejected, Is.Empty);
        Assert.That(script.State.Pending, Is.Empty);
    }

    [Test]
    public void Session_name_that_was_refused_and_never_held_is_told_absent()
    {
        var script = new Script();
        script.Publish(Resource(Route, "r", "bad"));
        script.Subscribe(Route, "r");

        Assert.That(script.Nack(1, "missing ): (("), Is.EqualTo("Route -r #2"));
        Assert.That(script.Ack(2), Is.Empty);
        Assert.That(script.State.Rejected.Keys, Is.EquivalentTo(new[] { new ResourceKey(Route, "r") }));
    }

    [TestCase("Error adding/updating cluster(s) b: no such file")]
    [TestCase("Error adding/updating cluster(s) b: duplicate of 'a'")]
    [TestCase("Proto constraint validation failed (ClusterValidationError.X): name: \"b\" connect_timeout {}")]
    public void Session_named_resource_is_refused_and_the_rest_sent_again(string message)
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1"), Resource(Cluster, "b", "1"), Resource(Cluster, "c", "1"));

        Assert.That(script.Nack(1, message), Is.EqualTo("Cluster +a=1 +c=1 #2"));
        script.Ack(2);

        Assert.That(script.State.Accepted.Keys.Select(static key => key.Name), Is.EquivalentTo(new[] { "a", "c" }));
        Assert.That(script.State.Rejected.Keys.Select(static key => key.Name), Is.EquivalentTo(new[] { "b" }));
        Assert.That(script.State.Rejected.Values.Single().Message, Is.EqualTo(message));
    }

    [Test]
    public void Session_name_that_is_part_of_another_is_not_taken_for_it()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "s/n/a:80", "1"), Resource(Cluster, "s/n/a:8080", "1"));

        Assert.That(script.Nack(1, "Error adding/updating cluster(s) s/n/a:8080: no"), Is.EqualTo("Cluster +s/n/a:80=1 #2"));
    }

    [Test]
    public void Session_several_creation_failures_are_all_refused()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1"), Resource(Cluster, "b", "1"), Resource(Cluster, "c", "1"));

        Assert.That(script.Nack(1, "Error adding/updating cluster(s) a: no, c: neither"), Is.EqualTo("Cluster +b=1 #2"));
        Assert.That(script.State.Rejected.Keys.Select(static key => key.Name), Is.EquivalentTo(new[] { "a", "c" }));
    }

    [Test]
    public void Session_several_names_in_other_words_are_only_suspected()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1"), Resource(Cluster, "b", "1"), Resource(Cluster, "c", "1"));

        Assert.That(script.Nack(1, "name: \"a\" service_name: \"b\""), Is.EqualTo("Cluster +c=1 #2 | Cluster +a=1 #3 | Cluster +b=1 #4"));
        Assert.That(script.Ack(2) + script.Nack(3, "name: \"a\" service_name: \"b\"") + script.Ack(4), Is.Empty);
        Assert.That(script.State.Rejected.Keys.Select(static key => key.Name), Is.EquivalentTo(new[] { "a" }));
    }

    [TestCase(2)]
    [TestCase(64)]
    [TestCase(1000)]
    public void Session_unnamed_culprit_is_found_by_halving(int count)
    {
        var script = Subscribed();
        var culprit = (count / 3).ToString("D4", CultureInfo.InvariantCulture);
        script.Publish([.. Enumerable.Range(0, count).Select(i => Resource(Cluster, i.ToString("D4", CultureInfo.InvariantCulture), "1"))]);

        for (var number = 1; number <= script.Sent.Count; number++)
        {
            _ = script.Sent[number - 1].Resources.Any(resource => resource.Key.Name == culprit)
                ? script.Nack(number, "missing ): ((")
                : script.Ack(number);
            _ = script.RetryAfter is null ? "" : script.Retry();
        }

        Assert.That(script.State.Rejected.Keys, Is.EquivalentTo(new[] { new ResourceKey(Cluster, culprit) }));
        Assert.That(script.State.Accepted, Has.Count.EqualTo(count - 1));
        Assert.That(script.Sent, Has.Count.AtMost(1 + (2 * (int)Math.Ceiling(Math.Log2(count)))));
    }

    [Test]
    public void Session_proxy_that_never_accepted_anything_is_tried_slowly_and_its_words_are_shown_soon()
    {
        var script = Subscribed();
        script.Publish([.. Enumerable.Range(0, 16).Select(i => Resource(Cluster, i.ToString("D4", CultureInfo.InvariantCulture), "1"))]);
        var waits = new List<double>();

        // The whole, its halves, two quarters.
        for (var number = 1; number <= 5; number++)
        {
            Assert.That(script.State.Rejected, Is.Empty);
            script.Nack(number, "no");
            waits.Add(script.RetryAfter?.TotalSeconds ?? 0);
            script.Retry();
        }

        Assert.That(waits, Is.EqualTo(new[] { 2.5, 5, 10, 20, 20 }));
        Assert.That(script.State.Rejected.Values.Select(static rejected => rejected.Message), Is.EqualTo(Enumerable.Repeat("no", 16)));
        Assert.That(script.State.Pending, Has.Count.EqualTo(16));
    }

    [Test]
    public void Session_proxy_that_refuses_four_of_many_from_the_start_gets_all_the_others()
    {
        var script = Subscribed();
        script.Publish([.. Enumerable.Range(0, 100).Select(i => Resource(Cluster, i.ToString("D4", CultureInfo.InvariantCulture), i % 30 == 5 ? "bad" : "1"))]);

        for (var number = 1; number <= script.Sent.Count; number++)
        {
            _ = script.Sent[number - 1].Resources.Any(static resource => Content(resource.Message) == "bad") ? script.Nack(number, "no") : script.Ack(number);
            script.Retry();
        }

        Assert.That(script.State.Accepted, Has.Count.EqualTo(96));
        Assert.That(script.State.Rejected.Keys.Select(static key => key.Name), Is.EquivalentTo(new[] { "0005", "0035", "0065", "0095" }));
        Assert.That(script.State.Pending, Is.Empty);
        Assert.That(script.Time.GetUtcNow() - new FakeTimeProvider().GetUtcNow(), Is.LessThan(TimeSpan.FromMinutes(3)));
    }

    [Test]
    public void Session_proxy_that_accepted_something_else_is_not_kept_waiting()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1"));
        script.Ack(1);
        script.Publish(Resource(Cluster, "b", "1"), Resource(Cluster, "c", "1"), Resource(Cluster, "d", "1"), Resource(Cluster, "e", "1"));

        Assert.That(script.Nack(2, "no"), Is.EqualTo("Cluster +b=1 +c=1 #3"));
        Assert.That(script.Nack(3, "no"), Is.EqualTo("Cluster +d=1 +e=1 #4"));
        Assert.That(script.RetryAfter, Is.Null);
    }

    [Test]
    public void Session_cluster_sent_again_after_a_refusal_is_followed_by_its_assignment()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1", Assignment("x")), Resource(ResourceType.Endpoint, "x", "1"));
        script.Subscribe(ResourceType.Endpoint, "x");
        script.Ack(1);
        script.Ack(2);
        script.Publish(Resource(Cluster, "a", "2", Assignment("x")), Resource(Cluster, "bad", "1"));

        Assert.That(script.Nack(3, "Error adding/updating cluster(s) bad: no"), Is.EqualTo("Cluster +a=2 #5 | Endpoint +x=1 #6"));
    }

    [Test]
    public void Session_name_asked_again_whose_newest_is_refused_gets_what_it_had_accepted()
    {
        var script = new Script();
        script.Publish(Resource(ResourceType.Endpoint, "x", "good"));
        script.Subscribe(ResourceType.Endpoint, "x");
        script.Ack(1);
        script.Publish(Resource(ResourceType.Endpoint, "x", "bad"));
        script.Nack(2, "malformed IP address: not-an-ip");

        Assert.That(script.Subscribe(ResourceType.Endpoint, "x"), Is.EqualTo("Endpoint +x=good #3"));
        script.Ack(3);
        Assert.That(script.State.Rejected.Keys, Is.EquivalentTo(new[] { new ResourceKey(ResourceType.Endpoint, "x") }));
    }

    [Test]
    public void Session_new_origins_of_equal_content_are_booked_without_a_message()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1", new ScriptDetails(Origins: Origins.Of(Policy1))));
        script.Ack(1);

        Assert.That(script.Publish(Resource(Cluster, "a", "1", new ScriptDetails(Origins: Origins.Of(Policy2)))), Is.Empty);
        Assert.That(script.State.Accepted[new ResourceKey(Cluster, "a")].Origins, Is.EqualTo(Origins.Of(Policy2)));
        Assert.That(script.State.SentRevision, Is.EqualTo(new Revision(2)));
    }

    [Test]
    public void Session_new_origins_while_the_answer_is_under_way_are_booked_with_it()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1", new ScriptDetails(Origins: Origins.Of(Policy1))));
        script.Publish(Resource(Cluster, "a", "1", new ScriptDetails(Origins: Origins.Of(Policy2))));

        script.Ack(1);

        Assert.That(script.State.Accepted[new ResourceKey(Cluster, "a")].Origins, Is.EqualTo(Origins.Of(Policy2)));
    }

    [Test]
    public void Session_long_words_of_refusal_are_cut()
    {
        var script = Subscribed();
        script.Publish(Resource(Cluster, "a", "1"));

        script.Nack(1, new string('x', 100_000));

        Assert.That(script.State.Rejected.Values.Single().Message, Has.Length.EqualTo(4097));
    }

    private static Script Subscribed()
    {
        var script = new Script();
        script.Subscribe(Cluster);
        return script;
    }

    private static KeyValuePair<ResourceKey, AcceptedResource> Accepted(EncodedResource resource) =>
        new(resource.Key, new AcceptedResource(resource.Version, resource.Origins));
}
