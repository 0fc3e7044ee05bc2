// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;
using static Mesh.Tests.Streams.Script;
using static Mesh.Xds.ResourceType;

namespace Mesh.Tests.Streams;

/// <summary>A proxy that does not answer is sent a bounded number of responses, and the newest as soon as it answers.</summary>
internal sealed class HeldBackTests
{
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

    private static string Shown(string name, string content) => $"{name}={Resource(Cluster, name, content).Version}";

    private static Script New() => new(SessionLimits.Default with { Unanswered = 2 });

    private static string Churn(Script script, string name, int changes) => string.Join(" | ", Enumerable.Range(1, changes)
        .Select(i => script.Publish(Resource(Cluster, name, i.ToString(CultureInfo.InvariantCulture))))
        .Where(static text => text.Length > 0));
}
