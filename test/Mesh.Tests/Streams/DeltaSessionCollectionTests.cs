// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;
using static Mesh.Tests.Streams.Script;
using static Mesh.Xds.ResourceType;

namespace Mesh.Tests.Streams;

/// <summary>Names of the form xdstp:// and collections of them (xRFC TP1), as scripts.</summary>
internal sealed class DeltaSessionCollectionTests
{
    private const string Type = "xdstp://m/envoy.config.cluster.v3.Cluster/";
    private const string All = Type + "p/*";

    private static readonly EncodedResource One = Resource(Cluster, Type + "p/1", "1");
    private static readonly EncodedResource Two = Resource(Cluster, Type + "p/2", "1");
    private static readonly EncodedResource Plain = Resource(Cluster, "plain", "1");

    [Test]
    public void Session_name_is_found_in_whichever_order_its_parameters_come()
    {
        var script = new Script();
        script.Publish(Resource(Cluster, Type + "p?b=2&a=1", "1"));

        Assert.That(Short(script.Subscribe(Cluster, Type + "%70?a=1&b=2")), Is.EqualTo("Cluster +p?a=1&b=2=1 #1"));
    }

    [Test]
    public void Session_collection_gets_what_lies_directly_below_with_the_same_parameters()
    {
        var script = new Script();
        script.Publish(
            One, Two, Plain, Resource(Cluster, Type + "p/deep/3", "1"), Resource(Cluster, Type + "q", "1"), Resource(Cluster, Type + "p/1?k=v", "1"));

        Assert.That(Short(script.Subscribe(Cluster, All)), Is.EqualTo("Cluster +p/1=1 +p/2=1 #1"));
        Assert.That(Short(script.Subscribe(Cluster, All + "?k=v")), Is.EqualTo("Cluster +p/1?k=v=1 #2"));
    }

    [Test]
    public void Session_collection_asked_for_before_the_first_snapshot_is_answered_by_it()
    {
        var script = new Script();
        script.Subscribe(Cluster, All);

        Assert.That(Short(script.Publish(One, Plain)), Is.EqualTo("Cluster +p/1=1 #1"));
    }

    [Test]
    public void Session_collection_follows_additions_changes_and_removals()
    {
        var script = new Script();
        script.Publish(One);
        script.Subscribe(Cluster, All);
        script.Ack(1);

        Assert.That(Short(script.Publish(Two, Plain)), Is.EqualTo("Cluster +p/2=1 #2"));
        script.Ack(2);
        Assert.That(Short(script.Publish(Resource(Cluster, One.Key.Name, "2"))), Is.EqualTo("Cluster +p/1=2 #3"));
        script.Ack(3);
        Assert.That(Short(script.Publish([Two.Key])), Is.EqualTo("Cluster -p/2 #4"));
        script.Ack(4);
        Assert.That(script.State.Accepted.Keys, Is.EqualTo(new[] { One.Key }));
    }

    [Test]
    public void Session_empty_collection_is_answered_by_its_name_and_filled_later()
    {
        var script = new Script();
        script.Publish(Plain);

        Assert.That(Short(script.Subscribe(Cluster, All)), Is.EqualTo("Cluster -p/* #1"));
        Assert.That(script.Ack(1), Is.Empty);
        Assert.That(Short(script.Publish(One)), Is.EqualTo("Cluster +p/1=1 #2"));
        script.Ack(2);
        Assert.That(Short(script.Publish([One.Key])), Is.EqualTo("Cluster -p/1 #3"));
        Assert.That(script.Ack(3), Is.Empty);
        Assert.That(script.State.Pending, Is.Empty);
    }

    [Test]
    public void Session_wildcard_does_not_cover_such_names()
    {
        var script = new Script();
        script.Publish(One, Plain);

        Assert.That(script.Subscribe(Cluster), Is.EqualTo("Cluster +plain=1 #1"));
        Assert.That(Short(script.Subscribe(Cluster, All)), Is.EqualTo("Cluster +p/1=1 #2"));
    }

    [Test]
    public void Session_unsubscribed_name_that_the_collection_covers_stays_and_is_told()
    {
        var script = new Script();
        script.Publish(One, Two);
        script.Subscribe(Cluster, All, One.Key.Name);
        script.Ack(1);

        Assert.That(Short(script.Unsubscribe(Cluster, One.Key.Name)), Is.EqualTo("Cluster +p/1=1 #2"));
        script.Ack(2);
        Assert.That(Short(script.Publish(Resource(Cluster, One.Key.Name, "2"))), Is.EqualTo("Cluster +p/1=2 #3"));
    }

    [Test]
    public void Session_unsubscribed_collection_keeps_what_is_named()
    {
        var script = new Script();
        script.Publish(One, Two);
        script.Subscribe(Cluster, All, One.Key.Name);
        script.Ack(1);

        Assert.That(Short(script.Unsubscribe(Cluster, All)), Is.EqualTo("Cluster +p/1=1 #2"));
        script.Ack(2);
        Assert.That(Short(script.Publish(Resource(Cluster, One.Key.Name, "2"), Resource(Cluster, Two.Key.Name, "2"))), Is.EqualTo("Cluster +p/1=2 #3"));
        script.Ack(3);
        Assert.That(script.State.Accepted.Keys, Is.EqualTo(new[] { One.Key }));
    }

    [Test]
    public void Session_unsubscribed_collection_beside_a_wildcard_is_removed()
    {
        var script = new Script();
        script.Publish(One, Plain);
        script.Subscribe(Cluster);
        script.Subscribe(Cluster, All);
        script.Ack(1);
        script.Ack(2);

        Assert.That(Short(script.Unsubscribe(Cluster, All)), Is.EqualTo("Cluster -p/1 #3"));
    }

    [Test]
    public void Session_ended_wildcard_leaves_the_collection()
    {
        var script = new Script();
        script.Publish(One, Plain);
        script.Subscribe(Cluster, "*", All);
        script.Publish(Resource(Cluster, One.Key.Name, "2"));

        script.Unsubscribe(Cluster, "*");
        script.Ack(1);
        script.Ack(2);

        Assert.That(script.State.Accepted.Keys, Is.EqualTo(new[] { One.Key }));
        Assert.That(Short(script.Publish([One.Key])), Is.EqualTo("Cluster -p/1 #3"));
    }

    [Test]
    public void Session_collection_asked_for_again_is_sent_again()
    {
        var script = new Script();
        script.Publish(One);
        script.Subscribe(Cluster, All);
        script.Ack(1);

        Assert.That(Short(script.Subscribe(Cluster, All)), Is.EqualTo("Cluster +p/1=1 #2"));
    }

    [Test]
    public void Session_reconnect_sends_of_a_collection_what_differs()
    {
        var script = new Script();
        script.Publish(One, Two, Resource(Cluster, Type + "p/3", "1"));

        var sent = script.Resume(Cluster, [All], One, Resource(Cluster, Two.Key.Name, "old"), Resource(Cluster, Type + "p/gone", "1"));

        Assert.That(Short(sent), Is.EqualTo("Cluster +p/2=1 +p/3=1 #1"));
        Assert.That(Short(script.Ack(1)), Is.EqualTo("Cluster -p/gone #2"));
        Assert.That(script.State.Accepted.ContainsKey(One.Key), Is.True);
    }

    [Test]
    public void Session_reconnect_before_the_first_snapshot_sends_of_a_collection_what_differs()
    {
        var script = new Script();
        script.Resume(Cluster, [All], One);

        Assert.That(Short(script.Publish(One, Two)), Is.EqualTo("Cluster +p/2=1 #1"));
    }

    [Test]
    public void Session_malformed_name_is_absent_and_told_with_what_would_be_right()
    {
        var script = new Script();
        script.Publish(One);

        Assert.That(script.Subscribe(Cluster, "xdstp://m/p", "xdstp://m/envoy.config.listener.v3.Listener/*"), Is.EqualTo(
            "Cluster -xdstp://m/envoy.config.listener.v3.Listener/* -xdstp://m/p #1"));
        Assert.That(script.Problems.Select(static problem => problem.Key.Name), Is.EqualTo(new[] { "xdstp://m/p", "xdstp://m/envoy.config.listener.v3.Listener/*" }));
        Assert.That(script.Problems[0].Problem, Does.Contain("no path").And.Contain("xdstp://AUTHORITY/TYPE/PATH"));
        Assert.That(script.Problems[1].Problem, Does.Contain("envoy.config.cluster.v3.Cluster"));
    }

    [Test]
    public void Session_refused_member_of_a_collection_leaves_the_others()
    {
        var script = new Script();
        script.Publish(One, Two);
        script.Subscribe(Cluster, All);

        Assert.That(Short(script.Nack(1, $"Error adding/updating cluster(s) {One.Key.Name}: bad")), Is.EqualTo("Cluster +p/2=1 #2"));
        script.Ack(2);
        Assert.That(script.State.Rejected.Keys, Is.EqualTo(new[] { One.Key }));
        Assert.That(script.State.Accepted.Keys, Is.EqualTo(new[] { Two.Key }));
    }

    [Test]
    public void Session_locator_without_parameters_is_the_name()
    {
        var script = new Script();
        script.Publish(One, Plain);

        Assert.That(Short(script.Locate(Cluster, [Locator(All), Locator("plain")], [])), Is.EqualTo("Cluster +plain=1 +p/1=1 #1"));
        script.Ack(1);
        Assert.That(script.Locate(Cluster, [], [Locator("plain"), Locator(All)]), Is.Empty);
        Assert.That(script.Publish(Resource(Cluster, "plain", "2"), Resource(Cluster, One.Key.Name, "2")), Is.Empty);
    }

    [Test]
    public void Session_locators_with_parameters_get_the_one_variant_until_the_last_is_dropped()
    {
        var script = new Script();
        script.Publish(Plain);

        Assert.That(script.Locate(Cluster, [Locator("plain", "prod")], []), Is.EqualTo("Cluster +plain=1 #1"));
        Assert.That(script.Locate(Cluster, [Locator("plain", "test")], []), Is.EqualTo("Cluster +plain=1 #2"));
        Assert.That(script.Subscribe(Cluster, "plain"), Is.EqualTo("Cluster +plain=1 #3"));
        script.Locate(Cluster, [], [Locator("plain", "prod")]);
        script.Unsubscribe(Cluster, "plain");
        Assert.That(script.Publish(Resource(Cluster, "plain", "2")), Is.EqualTo("Cluster +plain=2 #4"));

        script.Locate(Cluster, [], [Locator("plain", "test")]);
        Assert.That(script.Publish(Resource(Cluster, "plain", "3")), Is.Empty);
    }

    [Test]
    public void Session_plain_subscription_outlives_a_locator_of_the_name()
    {
        var script = new Script();
        script.Publish(Plain);
        script.Subscribe(Cluster, "plain");
        script.Locate(Cluster, [Locator("plain", "prod")], []);

        script.Locate(Cluster, [], [Locator("plain", "prod")]);

        Assert.That(script.Publish(Resource(Cluster, "plain", "2")), Is.EqualTo("Cluster +plain=2 #3"));
    }

    private static ResourceLocator Locator(string name, string? environment = null)
    {
        var locator = new ResourceLocator { Name = name };
        if (environment is not null)
        {
            locator.DynamicParameters.Add("env", environment);
        }

        return locator;
    }

    private static string Short(string sent) => sent.Replace(Type, "", StringComparison.Ordinal);
}
