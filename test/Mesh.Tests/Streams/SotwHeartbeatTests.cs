// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;
using static Mesh.Tests.Streams.Script;
using static Mesh.Xds.ResourceType;

namespace Mesh.Tests.Streams;

/// <summary>Resources with a TTL on a state-of-the-world stream: in a wrapper and again and again, or without TTL to who cannot unwrap.</summary>
internal sealed class SotwHeartbeatTests
{
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(5);

    [Test]
    public void Session_named_resource_with_ttl_is_sent_again_at_half_of_it()
    {
        var script = Started(Runtime, Mortal(Runtime, "a"), Resource(Runtime, "b", "1"));
        script.Ack(1);

        Assert.That(script.Elapse(Half), Is.EqualTo("Runtime a=1 #2"));
        Assert.That(script.Sent[1].Version, Is.EqualTo(script.Sent[0].Version));
        Assert.That(script.Elapse(Half), Is.Empty, "one response at a time is under way");
        Assert.That(script.Ack(2), Is.EqualTo("Runtime a=1 #3"), "it is due since");
        Assert.That(script.Ack(3), Is.Empty);
        Assert.That(script.RetryAfter, Is.EqualTo(Half));
    }

    [Test]
    public void Session_cluster_with_ttl_is_sent_again_with_all_the_others()
    {
        var script = Started(Cluster, Mortal(Cluster, "a"), Resource(Cluster, "b", "1"));
        script.Ack(1);

        Assert.That(script.Elapse(Half), Is.EqualTo("Cluster a=1 b=1 #2"), "what is missing would be gone");
    }

    [Test]
    public void Session_answer_to_what_the_proxy_has_already_is_booked_nowhere()
    {
        var script = Started(Runtime, Mortal(Runtime, "a"));
        script.Ack(1);
        var before = script.State;

        script.Elapse(Half);
        Assert.That(script.Ack(2), Is.Empty);

        Assert.That(script.State, Is.SameAs(before));
        Assert.That(script.Publish(Resource(Runtime, "a", "2")), Is.EqualTo("Runtime a=2 #3"));
        script.Ack(3);
        Assert.That(script.State.Accepted.Values.Single().Version, Is.EqualTo(Resource(Runtime, "a", "2").Version));
        Assert.That(script.RetryAfter, Is.Null);
    }

    [Test]
    public void Session_change_of_another_resource_takes_what_is_due_along()
    {
        var script = Started(Runtime, Mortal(Runtime, "a"), Resource(Runtime, "b", "1"));
        script.Ack(1);
        script.Publish(Resource(Runtime, "b", "2"));
        script.Elapse(Half);
        script.Publish(Resource(Runtime, "b", "3"));

        Assert.That(script.Ack(2), Is.EqualTo("Runtime a=1 b=3 #3"));
        script.Ack(3);
        Assert.That(script.State.Accepted.Count, Is.EqualTo(2));
        Assert.That(script.State.Pending, Is.Empty);
    }

    [Test]
    public void Session_proxy_that_comes_back_with_all_hears_of_it_at_once()
    {
        var resource = Mortal(Runtime, "a");
        var version = Started(Runtime, resource).Sent[0].Version;
        var script = New();
        script.Publish(resource);

        Assert.That(script.Resume(Runtime, version, "a"), Is.Empty);
        Assert.That(script.Elapse(TimeSpan.Zero), Is.EqualTo("Runtime a=1 #1"));
    }

    [Test]
    public void Session_member_of_a_collection_is_sent_again_while_the_collection_is_asked_for()
    {
        const string collection = "xdstp://m/envoy.service.runtime.v3.Runtime/p/";
        var script = New();
        script.Publish(Mortal(Runtime, collection + "1"), Mortal(Runtime, "a"));
        script.Subscribe(Runtime, collection + "*");
        script.Ack(1);

        Assert.That(script.Elapse(Half), Is.EqualTo($"Runtime {collection}1=1 #2"));
        script.Ack(2);
        script.Subscribe(Runtime, "b");
        Assert.That(script.RetryAfter, Is.Null);
    }

    [Test]
    public void Session_client_that_cannot_unwrap_gets_no_ttl_and_that_is_told_once()
    {
        var script = new SotwScript();
        script.Publish(Mortal(Runtime, "a"));
        script.Subscribe(Runtime, "a");
        script.Ack(1);
        script.Publish(Mortal(Runtime, "a", "2"));

        Assert.That((script.TtlLosses, script.RetryAfter), Is.EqualTo((1, (TimeSpan?)null)));
        Assert.That(script.Sent.Select(static response => response.Form), Is.All.EqualTo(ResponseForm.Bare));
    }

    [Test]
    public void Session_that_is_not_subscribed_to_it_loses_no_ttl()
    {
        var script = new SotwScript();
        script.Publish(Mortal(Runtime, "a"), Resource(Runtime, "b", "1"));
        script.Subscribe(Runtime, "b");

        Assert.That(script.TtlLosses, Is.Zero);
    }

    [Test]
    public void Wrapper_holds_the_whole_resource_with_its_ttl()
    {
        var resource = Mortal(Runtime, "a");

        var wrapped = Any.Parser.ParseFrom(resource.Ttl!.Wrapped.Span).Unpack<Envoy.Service.Discovery.V3.Resource>();

        Assert.That(wrapped.ToByteString(), Is.EqualTo(ByteString.CopyFrom(resource.Wire.Span)));
        Assert.That(wrapped.Ttl, Is.EqualTo(Duration.FromTimeSpan(2 * Half)));
    }

    private static EncodedResource Mortal(ResourceType type, string name, string content = "1") =>
        Resource(type, name, content, new ScriptDetails { Ttl = 2 * Half });

    private static SotwScript New() => new(features: ClientFeatures.ResourceInSotw);

    private static SotwScript Started(ResourceType type, params EncodedResource[] resources)
    {
        var script = New();
        script.Publish(resources);
        script.Subscribe(type, type == Cluster ? [] : [.. resources.Select(static resource => resource.Key.Name)]);
        return script;
    }
}
