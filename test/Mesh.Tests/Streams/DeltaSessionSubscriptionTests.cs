// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;
using static Mesh.Tests.Streams.Script;
using static Mesh.Xds.ResourceType;

namespace Mesh.Tests.Streams;

/// <summary>Who gets what: the subscription rules of the xDS protocol, as scripts.</summary>
internal sealed class DeltaSessionSubscriptionTests
{
    private static readonly EncodedResource A = Resource(Cluster, "a", "1");
    private static readonly EncodedResource B = Resource(Cluster, "b", "1");
    private static readonly EncodedResource OnDemand = Resource(Cluster, "d", "1", new ScriptDetails(OnDemand: true));

    [Test]
    public void Session_request_before_the_first_snapshot_is_answered_by_it()
    {
        var script = new Script();

        Assert.That(script.Subscribe(Cluster), Is.Empty);
        Assert.That(script.Publish(A, B), Is.EqualTo("Cluster +a=1 +b=1 #1"));
    }

    [Test]
    public void Session_first_request_without_names_gets_all_but_what_is_on_demand()
    {
        var script = new Script();
        script.Publish(A, B, OnDemand);

        Assert.That(script.Subscribe(Cluster), Is.EqualTo("Cluster +a=1 +b=1 #1"));
    }

    [TestCase(Endpoint)]
    [TestCase(Route)]
    [TestCase(Extension)]
    public void Session_first_request_without_names_of_a_named_type_gets_nothing(ResourceType type)
    {
        var script = new Script();
        script.Publish(Resource(type, "x", "1"));

        Assert.That(script.Subscribe(type), Is.Empty);
        Assert.That(script.Subscribe(type, "x"), Is.EqualTo($"{type} +x=1 #1"));
    }

    [Test]
    public void Session_star_is_a_wildcard_for_every_type()
    {
        var script = new Script();
        script.Publish(Resource(Endpoint, "x", "1"), Resource(Endpoint, "y", "2"));

        Assert.That(script.Subscribe(Endpoint, "*"), Is.EqualTo("Endpoint +x=1 +y=2 #1"));
    }

    [Test]
    public void Session_wildcard_of_nothing_is_answered_so_that_nobody_waits()
    {
        var script = new Script();
        script.Publish();

        Assert.That(script.Subscribe(Cluster), Is.EqualTo("Cluster #1"));
        Assert.That(script.Ack(1), Is.Empty);
    }

    [Test]
    public void Session_name_added_to_a_wildcard_gets_it_on_demand_and_the_wildcard_goes_on()
    {
        var script = new Script();
        script.Publish(A, OnDemand);
        script.Subscribe(Cluster);

        Assert.That(script.Subscribe(Cluster, "d"), Is.EqualTo("Cluster +d=1 #2"));
        Assert.That(script.Publish(B), Is.EqualTo("Cluster +b=1 #3"));
    }

    [Test]
    public void Session_unsubscribed_star_ends_the_wildcard_and_not_the_names()
    {
        var script = new Script();
        script.Publish(A, B);
        script.Subscribe(Cluster);
        script.Subscribe(Cluster, "a");

        Assert.That(script.Unsubscribe(Cluster, "*"), Is.Empty);
        Assert.That(script.Publish(Resource(Cluster, "a", "2"), Resource(Cluster, "b", "2")), Is.EqualTo("Cluster +a=2 #3"));
    }

    [Test]
    public void Session_unsubscribed_name_gets_no_more_updates()
    {
        var script = new Script();
        script.Publish(Resource(Endpoint, "x", "1"), Resource(Endpoint, "y", "1"));
        script.Subscribe(Endpoint, "x", "y");

        Assert.That(script.Unsubscribe(Endpoint, "x"), Is.Empty);
        Assert.That(script.Publish(Resource(Endpoint, "x", "2"), Resource(Endpoint, "y", "2")), Is.EqualTo("Endpoint +y=2 #2"));
        Assert.That(script.State.Pending, Is.EquivalentTo(new[] { new ResourceKey(Endpoint, "y") }));
    }

    [Test]
    public void Session_name_unsubscribed_beside_a_wildcard_is_told_whether_the_wildcard_covers_it()
    {
        var script = new Script();
        script.Publish(A, OnDemand);
        script.Subscribe(Cluster);
        script.Subscribe(Cluster, "a", "d");
        script.Ack(1);
        script.Ack(2);

        Assert.That(script.Unsubscribe(Cluster, "a"), Is.EqualTo("Cluster +a=1 #3"));
        Assert.That(script.Ack(3), Is.Empty);
        Assert.That(script.Unsubscribe(Cluster, "d"), Is.EqualTo("Cluster -d #4"));
    }

    [Test]
    public void Session_name_subscribed_again_is_sent_again()
    {
        var script = new Script();
        script.Publish(Resource(Endpoint, "x", "1"));
        script.Subscribe(Endpoint, "x");
        script.Ack(1);

        Assert.That(script.Subscribe(Endpoint, "x"), Is.EqualTo("Endpoint +x=1 #2"));
    }

    [TestCase(Cluster)]
    [TestCase(Endpoint)]
    [TestCase(Route)]
    public void Session_unknown_name_is_answered_at_once_and_sent_when_it_appears(ResourceType type)
    {
        var script = new Script();
        script.Publish();

        Assert.That(script.Subscribe(type, "x"), Is.EqualTo($"{type} -x #1"));
        Assert.That(script.Ack(1), Is.Empty);
        Assert.That(script.State.Pending, Is.Empty);
        Assert.That(script.Publish(Resource(type, "x", "1", new ScriptDetails(OnDemand: true))), Is.EqualTo($"{type} +x=1 #2"));
    }

    [Test]
    public void Session_stale_nonce_books_nothing_and_its_names_count_all_the_same()
    {
        var script = new Script();
        script.Publish(A, Resource(Endpoint, "x", "1"));
        script.Subscribe(Cluster);

        var sent = script.Request(Endpoint, subscribe: ["x"], nonce: "6.1");
        script.Request(Cluster, nonce: "6.1");

        Assert.That(sent, Is.EqualTo("Endpoint +x=1 #2"));
        Assert.That(script.State.Accepted, Is.Empty);
    }

    [Test]
    public void Session_type_not_served_is_answered_with_nothing()
    {
        var script = new Script();
        const string Unknown = "type.googleapis.com/envoy.config.endpoint.v3.LbEndpoint";

        var sent = script.Handle(new SessionEvent<DeltaDiscoveryRequest>.Request(new DeltaDiscoveryRequest { TypeUrl = Unknown, ResourceNamesSubscribe = { "s" } }));

        Assert.That(sent, Is.EqualTo(Unknown + " -s #1"));
    }

    [Test]
    public void Session_same_versions_after_a_reconnect_nothing_is_sent_and_all_is_accepted()
    {
        var script = new Script();
        script.Publish(A, B, Resource(Endpoint, "x", "1"));

        var sent = script.Resume(Cluster, [], A, B) + script.Resume(Endpoint, ["x"], Resource(Endpoint, "x", "1"));

        Assert.That(sent, Is.Empty);
        Assert.That(script.State.Accepted.Keys, Is.EquivalentTo(new[] { A.Key, B.Key, new ResourceKey(Endpoint, "x") }));
        Assert.That(script.State.Pending, Is.Empty);
    }

    [Test]
    public void Session_other_versions_after_a_reconnect_only_the_difference_is_sent()
    {
        var script = new Script();
        script.Publish(A, B);

        var sent = script.Resume(Cluster, [], A, Resource(Cluster, "b", "old"), Resource(Cluster, "gone", "1"));

        Assert.That(sent, Is.EqualTo("Cluster +b=1 #1"));
        Assert.That(script.Ack(1), Is.EqualTo("Cluster -gone #2"));
    }

    [Test]
    public void Session_versions_reported_before_the_first_snapshot_are_compared_with_it()
    {
        var script = new Script();
        script.Resume(Cluster, [], A, Resource(Cluster, "b", "old"));

        Assert.That(script.Publish(A, B), Is.EqualTo("Cluster +b=1 #1"));
    }

    [Test]
    public void Session_cluster_changed_while_away_brings_its_unchanged_assignment()
    {
        var script = new Script();
        var assignment = Resource(Endpoint, "x", "1");
        script.Publish(Resource(Cluster, "a", "2", Assignment("x")), assignment);

        var sent = script.Resume(Cluster, [], A) + " then " + script.Resume(Endpoint, ["x"], assignment);

        Assert.That(sent, Is.EqualTo("Cluster +a=2 #1 then Endpoint +x=1 #2"));
    }

    [Test]
    public void Session_many_resources_are_cut_into_responses_of_bounded_size()
    {
        var script = new Script(SessionLimits.Default with { ResponseBytes = A.Wire.Length * 2 });
        script.Publish(A, B, Resource(Cluster, "c", "1"));

        Assert.That(script.Subscribe(Cluster), Is.EqualTo("Cluster +a=1 +b=1 #1 | Cluster +c=1 #2"));
    }

    [Test]
    public void Session_too_many_names_ends_the_stream()
    {
        var script = new Script(SessionLimits.Default with { Names = 2 });
        script.Subscribe(Endpoint, "x", "y");

        script.Subscribe(Route, "z");

        Assert.That(script.Abort, Is.EqualTo(new Grpc.Core.Status(StatusCode.ResourceExhausted, "The stream is subscribed to 3 names; at most 2 are served.")));
    }

    [Test]
    public void Session_too_many_names_in_a_request_ends_the_stream()
    {
        var script = new Script(SessionLimits.Default with { Names = 2 });

        script.Subscribe(Endpoint, "x", "y", "z");

        Assert.That(script.Abort?.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [Test]
    public void Session_name_too_long_ends_the_stream()
    {
        var script = new Script();

        script.Subscribe(Endpoint, new string('x', 4097));

        Assert.That(script.Abort?.Detail, Does.Contain("4097 characters; at most 4096"));
    }

    [Test]
    public void Session_version_of_what_is_not_asked_for_is_not_booked_after_the_first_snapshot()
    {
        var script = new Script();
        script.Resume(Endpoint, ["y"], Resource(Endpoint, "x", "0"));

        Assert.That(
            script.Publish(Resource(Cluster, "x", "1", Assignment("x")), Resource(Endpoint, "x", "1"), Resource(Endpoint, "y", "1")),
            Is.EqualTo("Endpoint +y=1 #1"));
        script.Ack(1);
        Assert.That(script.State.Accepted.Keys.Select(static key => key.Name), Is.EqualTo(new[] { "y" }));
    }

    [Test]
    public void Session_version_of_what_is_not_asked_for_is_not_booked()
    {
        var script = new Script();
        script.Publish(Resource(Cluster, "x", "1", Assignment("x")), Resource(Endpoint, "x", "1"), Resource(Endpoint, "y", "1"));

        Assert.That(script.Resume(Endpoint, ["y"], Resource(Endpoint, "x", "0")), Is.EqualTo("Endpoint +y=1 #1"));
        script.Ack(1);
        Assert.That(script.State.Accepted.Keys.Select(static key => key.Name), Is.EqualTo(new[] { "y" }));
    }
}
