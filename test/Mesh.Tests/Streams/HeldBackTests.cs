// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Envoy.Service.Discovery.V3;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;
using static Mesh.Tests.Streams.Script;
using static Mesh.Xds.ResourceType;

namespace Mesh.Tests.Streams;

/// <summary>A proxy that does not answer is sent a bounded number of responses, and the newest as soon as it answers.</summary>
internal sealed class HeldBackTests
{
    private const string Collection = "xdstp://m/envoy.config.cluster.v3.Cluster/p/";

    [Test]
    public void Session_proxy_that_never_answers_is_sent_a_bounded_number_of_responses()
    {
        var script = New();
        script.Subscribe(Cluster);

        Assert.That(Churn(script, "a", 9), Is.EqualTo("Cluster +a=1 #1 | Cluster +a=2 #2"));
        Assert.That(script.State.SentRevision.Value, Is.EqualTo(2));
    }

    [Test]
    public void Session_proxy_that_answers_again_gets_exactly_what_it_lacks()
    {
        var script = New();
        script.Publish(Resource(Cluster, "b", "1"), Resource(Cluster, "c", "1"));
        script.Subscribe(Cluster);
        script.Publish(Resource(Cluster, "a", "1"));
        Churn(script, "a", 9);
        script.Publish([new ResourceKey(Cluster, "c")], Resource(Cluster, "d", "1"));

        Assert.That(script.Ack(1), Is.EqualTo("Cluster +a=9 +d=1 #3"));
        Assert.That(script.Ack(2), Is.Empty);
        Assert.That(script.Ack(3), Is.EqualTo("Cluster -c #4"));
        script.Ack(4);
        Assert.That(
            script.State.Accepted.Select(static pair => pair.Key.Name + "=" + pair.Value.Version).Order(StringComparer.Ordinal),
            Is.EqualTo(new[] { Shown("a", "9"), Shown("b", "1"), Shown("d", "1") }));
        Assert.That(script.State.Pending, Is.Empty);
    }

    [Test]
    public void Ledger_does_not_show_what_was_held_back()
    {
        var script = New();
        script.Subscribe(Cluster);
        Churn(script, "a", 2);
        script.Publish(Resource(Cluster, "b", "1"));

        Assert.That(script.State.Accepted, Is.Empty);
        Assert.That(script.State.Pending.Select(static key => key.Name), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Session_other_types_are_served_while_one_is_held_back()
    {
        var script = New();
        script.Subscribe(Cluster);
        script.Subscribe(Endpoint, "x");
        Churn(script, "a", 9);

        Assert.That(script.Publish(Resource(Endpoint, "x", "1")), Does.StartWith("Endpoint +x=1 "));
    }

    [Test]
    public void Session_routes_wait_for_clusters_that_are_held_back()
    {
        var script = New();
        script.Subscribe(Cluster);
        script.Subscribe(Route, "r");
        Churn(script, "a", 9);

        Assert.That(script.Publish(Resource(Cluster, "new", "1"), Resource(Route, "r", "new")), Is.Empty);
        Assert.That(script.Subscribe(Route, "s"), Does.StartWith("Route +r=new "), "but who asks is answered");
        Assert.That(script.Ack(1), Does.StartWith("Cluster +a=9 +new=1 "));
    }

    [Test]
    public void Session_heartbeats_are_held_back_as_well()
    {
        var script = New();
        script.Publish(Resource(Runtime, "a", "1", new ScriptDetails { Ttl = TimeSpan.FromSeconds(10) }));
        script.Subscribe(Runtime, "a");

        Assert.That(script.Elapse(TimeSpan.FromSeconds(60)), Is.EqualTo("Runtime ~a #2 | Runtime ~a #3"));
        Assert.That(script.RetryAfter, Is.Null);
        Assert.That(script.Nack(2, "it has ended"), Is.EqualTo("Runtime +a=1 #4"));
    }

    [Test]
    public void Session_virtual_hosts_wait_for_clusters_that_are_held_back()
    {
        var script = New();
        script.Subscribe(Cluster);
        script.Subscribe(VirtualHost, "h");
        Churn(script, "a", 9);

        Assert.That(script.Publish(Resource(Cluster, "new", "1"), Resource(VirtualHost, "h", "new")), Is.Empty);
        Assert.That(script.Ack(1), Does.StartWith("Cluster +a=9 +new=1 ").And.Contain("VirtualHost +h=new "));
    }

    [Test]
    public void Session_members_of_a_collection_that_came_meanwhile_are_sent_with_the_first_answer()
    {
        var script = New();
        script.Publish(Member("1", "1"));
        script.Subscribe(Cluster, Collection + "*");
        script.Publish(Member("1", "2"));

        Assert.That(script.Publish(Member("1", "3"), Member("2", "1"), Member("3", "1")), Is.Empty);
        Assert.That(script.Publish([new ResourceKey(Cluster, Collection + "3")]), Is.Empty);
        Assert.That(script.Ack(1), Is.EqualTo($"Cluster +{Collection}1=3 +{Collection}2=1 #3"));
    }

    [Test]
    public void Session_collection_that_was_emptied_before_its_answer_is_answered()
    {
        var script = New();
        script.Publish(Resource(Cluster, "a", "1"), Member("1", "1"));
        script.Subscribe(Cluster, "a");
        script.Publish(Resource(Cluster, "a", "2"));

        Assert.That(script.Subscribe(Cluster, Collection + "*"), Is.Empty);
        Assert.That(script.Publish([new ResourceKey(Cluster, Collection + "1")]), Is.Empty);
        Assert.That(script.Ack(1), Is.EqualTo($"Cluster -{Collection}* #3"));
    }

    [Test]
    public void Session_locator_in_an_acknowledgement_is_answered_though_clusters_are_held_back()
    {
        var script = New();
        script.Subscribe(Cluster);
        script.Subscribe(Route, "r");
        Churn(script, "a", 9);
        script.Publish(Resource(Cluster, "new", "1"), Resource(Route, "s", "new"));

        var acknowledgement = new DeltaDiscoveryRequest
        {
            TypeUrl = Route.TypeUrl(),
            ResponseNonce = script.Sent.Find(static response => response.TypeUrl == Route.TypeUrl())!.Nonce, // "r" was told to be absent.
            ResourceLocatorsSubscribe = { new ResourceLocator { Name = "s" } },
        };
        Assert.That(script.Handle(new SessionEvent<DeltaDiscoveryRequest>.Request(acknowledgement)), Does.StartWith("Route +s=new "));
    }

    private static EncodedResource Member(string name, string content) => Resource(Cluster, Collection + name, content);

    private static string Shown(string name, string content) => $"{name}={Resource(Cluster, name, content).Version}";

    private static Script New() => new(SessionLimits.Default with { Unanswered = 2 });

    private static string Churn(Script script, string name, int changes) => string.Join(" | ", Enumerable.Range(1, changes)
        .Select(i => script.Publish(Resource(Cluster, name, i.ToString(CultureInfo.InvariantCulture))))
        .Where(static text => text.Length > 0));
}
