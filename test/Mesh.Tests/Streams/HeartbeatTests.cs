// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf.WellKnownTypes;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using static Mesh.Tests.Streams.Script;
using static Mesh.Xds.ResourceType;

namespace Mesh.Tests.Streams;

/// <summary>Resources with a TTL on a delta stream: kept alive while the server lives, and where the proxy has lost one it gets it again.</summary>
internal sealed class HeartbeatTests
{
    private const string Collection = "xdstp://m/envoy.service.runtime.v3.Runtime/p/";

    private static readonly TimeSpan Half = TimeSpan.FromSeconds(5);
    private static readonly EncodedResource A = Mortal("a", "1");
    private static readonly EncodedResource B = Mortal("b", "1");

    [Test]
    public void Heartbeat_comes_at_half_of_the_ttl_for_all_that_is_due()
    {
        var script = Started(A, B);

        Assert.That(script.RetryAfter, Is.EqualTo(Half));
        Assert.That(script.Elapse(Half), Is.EqualTo("Runtime ~a ~b #2"));
        Assert.That(script.Elapse(Half), Is.EqualTo("Runtime ~a ~b #3"), "the answer is not waited for");
    }

    [Test]
    public void Heartbeats_of_one_ttl_come_to_beat_as_one()
    {
        var script = Started(A);
        script.Elapse(TimeSpan.FromSeconds(1));
        script.Publish(B);

        Assert.That(script.Elapse(Half), Is.EqualTo("Runtime ~a ~b #3"));
    }

    [Test]
    public void Heartbeat_and_its_answer_are_booked_nowhere()
    {
        var script = Started(A);
        script.Ack(1);
        var before = script.State;

        script.Elapse(Half);
        script.Ack(2);

        Assert.That(script.State, Is.SameAs(before));
        Assert.That(script.State.Accepted.Keys, Is.EqualTo(new[] { A.Key }));
    }

    [Test]
    public void Session_without_ttl_wants_no_timer()
    {
        var script = Started(Resource(Runtime, "a", "1"));

        Assert.That(script.RetryAfter, Is.Null);
        Assert.That(script.Elapse(TimeSpan.FromDays(3)), Is.Empty);
    }

    [Test]
    public void Session_of_another_subscription_gets_no_heartbeats()
    {
        var script = new Script();
        script.Publish(A, Resource(Runtime, "c", "1"));
        script.Subscribe(Runtime, "c");

        Assert.That(script.RetryAfter, Is.Null);
    }

    [Test]
    public void Session_changed_ttl_is_a_change_and_so_is_a_dropped_one()
    {
        var script = Started(A);
        script.Ack(1);

        Assert.That(script.Publish(Resource(Runtime, "a", "1", new ScriptDetails { Ttl = TimeSpan.FromSeconds(60) })), Is.EqualTo("Runtime +a=1 #2"));
        Assert.That(script.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(script.Publish(Resource(Runtime, "a", "1")), Is.EqualTo("Runtime +a=1 #3"));
        Assert.That(script.RetryAfter, Is.Null);
    }

    [Test]
    public void Session_unsubscribed_or_removed_resource_gets_no_heartbeats()
    {
        var script = new Script();
        script.Publish(A, B);
        script.Subscribe(Runtime, "a", "b");
        script.Ack(1);

        script.Unsubscribe(Runtime, "a");
        Assert.That(script.Elapse(Half), Is.EqualTo("Runtime ~b #2"));
        Assert.That(script.Publish([B.Key]), Is.EqualTo("Runtime -b #3"));
        Assert.That(script.RetryAfter, Is.Null);
    }

    [Test]
    public void Session_refused_heartbeat_brings_the_resource_again()
    {
        var script = Started(A, B);
        script.Ack(1);
        script.Elapse(Half);

        Assert.That(script.Nack(2, "type URL  embedded in an individual Any does not match"), Is.EqualTo("Runtime +a=1 +b=1 #3"));
        Assert.That(script.State.Rejected, Is.Empty);
        script.Ack(3);
        Assert.That(script.State.Pending, Is.Empty);
        Assert.That(script.Elapse(Half), Is.EqualTo("Runtime ~a ~b #4"), "it may only have come late");
    }

    [Test]
    public void Session_proxy_that_knows_no_heartbeats_gets_the_resource_itself()
    {
        var script = Started(A);
        script.Ack(1);
        script.Elapse(Half);
        script.Nack(2, "no");
        script.Ack(3);
        script.Elapse(Half);
        script.Nack(4, "no");
        script.Ack(5);

        Assert.That(script.Elapse(Half), Is.EqualTo("Runtime +a=1 #6"));
        script.Ack(6);
        Assert.That(script.Elapse(Half), Is.EqualTo("Runtime +a=1 #7"));
    }

    [Test]
    public void Session_version_that_the_proxy_keeps_instead_of_a_refused_one_is_kept_alive()
    {
        var script = Started(A);
        script.Ack(1);
        script.Publish(Mortal("a", "2"));
        script.Nack(2, "bad");

        Assert.That(script.Elapse(TimeSpan.Zero), Is.EqualTo("Runtime ~a #3"), "while the other was under way it was not heard of");
        Assert.That(script.Elapse(Half), Is.EqualTo("Runtime ~a #4"));
        Assert.That(script.Sent[2].Resources.Single(), Is.SameAs(A));
    }

    [Test]
    public void Session_proxy_that_comes_back_hears_of_its_resources_at_once()
    {
        var script = Started(A);
        script.Reconnect();

        Assert.That(script.Resume(Runtime, ["*"], A), Is.Empty);
        Assert.That(script.Retry(), Is.EqualTo("Runtime ~a #2"));
        Assert.That(script.RetryAfter, Is.EqualTo(Half));
    }

    [Test]
    public void Heartbeat_on_the_wire_is_name_version_and_ttl()
    {
        var heartbeat = Envoy.Service.Discovery.V3.Resource.Parser.ParseFrom(A.Ttl!.Heartbeat.Span);

        Assert.That(heartbeat, Is.EqualTo(new Envoy.Service.Discovery.V3.Resource
        {
            Name = "a",
            Version = A.Version,
            Ttl = Duration.FromTimeSpan(2 * Half),
        }));
    }

    [Test]
    public void Heartbeat_on_the_wire_tells_the_aliases_as_well()
    {
        var host = MortalHost("r/shop", "r/store");
        var heartbeat = Envoy.Service.Discovery.V3.Resource.Parser.ParseFrom(host.Ttl!.Heartbeat.Span);

        Assert.That(heartbeat, Is.EqualTo(new Envoy.Service.Discovery.V3.Resource
        {
            Name = "r/v",
            Aliases = { "r/shop", "r/store" },
            Version = host.Version,
            Ttl = Duration.FromTimeSpan(2 * Half),
        }));
    }

    [Test]
    public void Session_host_asked_for_by_an_alias_is_kept_alive()
    {
        var script = new Script();
        script.Publish(MortalHost("r/shop", "r/store"));
        script.Subscribe(VirtualHost, "r/store");
        script.Ack(1);

        Assert.That(script.Elapse(Half), Is.EqualTo("VirtualHost ~r/v #2"));
        Assert.That(script.Nack(2, "it has ended"), Is.EqualTo("VirtualHost +r/v=1 #3"));
    }

    [Test]
    public void Session_host_asked_for_when_its_heartbeat_is_due_is_sent_instead()
    {
        var script = new Script();
        script.Publish(MortalHost("r/shop", "r/store"));
        script.Subscribe(VirtualHost, "r/store");
        script.Ack(1);
        script.Time.Advance(Half);

        Assert.That(script.Subscribe(VirtualHost, "r/shop"), Is.EqualTo("VirtualHost +r/v=1 #2"));
        Assert.That(script.RetryAfter, Is.EqualTo(Half));
    }

    [Test]
    public void Session_member_of_a_collection_is_kept_alive_while_the_collection_is_asked_for()
    {
        var script = new Script();
        script.Publish(Mortal(Collection + "1", "1"), Mortal("plain", "1"));
        script.Subscribe(Runtime, Collection + "*");
        script.Ack(1);

        Assert.That(script.Elapse(Half), Is.EqualTo($"Runtime ~{Collection}1 #2"));
        script.Ack(2);
        script.Unsubscribe(Runtime, Collection + "*");
        Assert.That(script.RetryAfter, Is.Null);
    }

    [Test]
    public void Session_proxy_that_comes_back_for_a_collection_hears_of_its_members_at_once()
    {
        var script = new Script();
        var member = Mortal(Collection + "1", "1");
        script.Publish(member);

        Assert.That(script.Resume(Runtime, [Collection + "*"], member), Is.Empty);
        Assert.That(script.Retry(), Is.EqualTo($"Runtime ~{Collection}1 #1"));
    }

    private static EncodedResource MortalHost(params string[] aliases) =>
        Resource(VirtualHost, "r/v", "1", new ScriptDetails(OnDemand: true) { Aliases = [.. aliases], Ttl = 2 * Half });

    private static EncodedResource Mortal(string name, string content) => Resource(Runtime, name, content, new ScriptDetails { Ttl = 2 * Half });

    private static Script Started(params EncodedResource[] resources)
    {
        var script = new Script();
        script.Publish(resources);
        script.Subscribe(Runtime, "*");
        return script;
    }
}
