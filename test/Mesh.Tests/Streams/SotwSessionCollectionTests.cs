// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using static Mesh.Tests.Streams.Script;
using static Mesh.Xds.ResourceType;

namespace Mesh.Tests.Streams;

/// <summary>Collections of xdstp:// names in the state-of-the-world variant, as scripts.</summary>
internal sealed class SotwSessionCollectionTests
{
    private const string Clusters = "xdstp://m/envoy.config.cluster.v3.Cluster/";
    private const string Endpoints = "xdstp://m/envoy.config.endpoint.v3.ClusterLoadAssignment/";

    private static readonly EncodedResource One = Resource(Cluster, Clusters + "p/1", "1");
    private static readonly EncodedResource Two = Resource(Cluster, Clusters + "p/2", "1");
    private static readonly EncodedResource Plain = Resource(Cluster, "plain", "1");

    [Test]
    public void Session_collection_follows_additions_changes_and_removals()
    {
        var script = new SotwScript();
        script.Publish(One, Plain);

        Assert.That(Short(script.Subscribe(Cluster, Clusters + "%70/*")), Is.EqualTo("Cluster p/1=1 #1"));
        script.Ack(1);
        Assert.That(Short(script.Publish(Two)), Is.EqualTo("Cluster p/1=1 p/2=1 #2"));
        script.Ack(2);
        Assert.That(Short(script.Publish(Resource(Cluster, One.Key.Name, "2"))), Is.EqualTo("Cluster p/1=2 p/2=1 #3"));
        script.Ack(3);
        Assert.That(Short(script.Publish([Two.Key])), Is.EqualTo("Cluster p/1=2 #4"));
    }

    [Test]
    public void Session_collection_asked_for_before_the_first_snapshot_is_answered_by_it()
    {
        var script = new SotwScript();
        script.Subscribe(Endpoint, Endpoints + "p/*");

        Assert.That(Short(script.Publish(Resource(Endpoint, Endpoints + "p/1", "1"), Resource(Endpoint, "x", "1"))), Is.EqualTo("Endpoint p/1=1 #1"));
    }

    [Test]
    public void Session_empty_collection_is_answered_and_filled_later()
    {
        var script = new SotwScript();
        script.Publish(Resource(Endpoint, "x", "1"));
        script.Subscribe(Endpoint, "x");
        script.Ack(1);

        Assert.That(script.Subscribe(Endpoint, "x", Endpoints + "p/*"), Is.EqualTo("Endpoint #2"));
        script.Ack(2);
        Assert.That(Short(script.Publish(Resource(Endpoint, Endpoints + "p/1", "1"))), Is.EqualTo("Endpoint p/1=1 #3"));
    }

    [Test]
    public void Session_wildcard_does_not_cover_such_names_and_goes_beside_them()
    {
        var script = new SotwScript();
        script.Publish(One, Plain);

        Assert.That(script.Subscribe(Cluster), Is.EqualTo("Cluster plain=1 #1"));
        script.Ack(1);
        Assert.That(Short(script.Subscribe(Cluster, "*", Clusters + "p/*")), Is.EqualTo("Cluster plain=1 p/1=1 #2"));
    }

    [Test]
    public void Session_collection_dropped_keeps_what_is_named_and_the_other_way_round()
    {
        var script = new SotwScript();
        script.Publish(One, Two);
        script.Subscribe(Cluster, Clusters + "p/*", One.Key.Name);
        script.Ack(1);

        script.Subscribe(Cluster, Clusters + "p/*");
        Assert.That(script.State.Accepted.Keys, Is.EquivalentTo(new[] { One.Key, Two.Key }));
        script.Subscribe(Cluster, One.Key.Name);
        foreach (var number in Enumerable.Range(2, script.Sent.Count - 1))
        {
            script.Ack(number);
        }

        Assert.That(script.State.Accepted.Keys, Is.EqualTo(new[] { One.Key }));
        Assert.That(Short(script.Publish(Resource(Cluster, Two.Key.Name, "2"))), Is.Empty);
    }

    [Test]
    public void Session_reconnect_with_the_same_version_is_sent_nothing()
    {
        var script = new SotwScript();
        script.Publish(One, Two);
        script.Subscribe(Cluster, Clusters + "p/*");

        var again = new SotwScript();
        again.Publish(One, Two);
        Assert.That(again.Resume(Cluster, script.Sent[0].Version, Clusters + "p/*"), Is.Empty);
        Assert.That(Short(again.Publish([One.Key])), Is.EqualTo("Cluster p/2=1 #1"));
    }

    [Test]
    public void Session_virtual_hosts_are_none_in_this_variant_and_answered()
    {
        var script = new SotwScript();
        script.Publish(Resource(VirtualHost, "r/x", "1"));

        Assert.That(script.Subscribe(VirtualHost, "r/x"), Is.EqualTo("VirtualHost #1"));
    }

    private static string Short(string sent) =>
        sent.Replace(Clusters, "", StringComparison.Ordinal).Replace(Endpoints, "", StringComparison.Ordinal);
}
