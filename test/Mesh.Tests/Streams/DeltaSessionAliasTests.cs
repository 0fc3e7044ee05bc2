// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using static Mesh.Tests.Streams.Script;
using static Mesh.Xds.ResourceType;

namespace Mesh.Tests.Streams;

/// <summary>Virtual hosts on demand, by their names and aliases, as scripts. <c>?a</c> is a resource without body.</summary>
internal sealed class DeltaSessionAliasTests
{
    private static readonly EncodedResource Shop = Host("1", "r/shop", "r/store");

    [Test]
    public void Session_alias_gets_the_resource_that_has_it()
    {
        var script = new Script();
        script.Publish(Shop);

        Assert.That(script.Subscribe(VirtualHost, "r/store"), Is.EqualTo("VirtualHost +r/v=1 #1"));
        script.Ack(1);
        Assert.That(script.State.Accepted.Keys, Is.EqualTo(new[] { Shop.Key }));
    }

    [Test]
    public void Session_resource_that_the_proxy_has_is_sent_again_for_another_alias()
    {
        var script = new Script();
        script.Publish(Shop);
        script.Subscribe(VirtualHost, "r/store");
        script.Ack(1);

        Assert.That(script.Subscribe(VirtualHost, "r/shop"), Is.EqualTo("VirtualHost +r/v=1 #2"));
    }

    [Test]
    public void Session_unknown_host_is_answered_without_body_as_often_as_it_is_asked_for()
    {
        var script = new Script();
        script.Publish(Shop);

        Assert.That(script.Subscribe(VirtualHost, "r/nobody"), Is.EqualTo("VirtualHost ?r/nobody #1"));
        script.Ack(1);
        Assert.That(script.Subscribe(VirtualHost, "r/nobody"), Is.EqualTo("VirtualHost ?r/nobody #2"));
        script.Ack(2);
        Assert.That(script.State.Pending, Is.Empty);
    }

    [Test]
    public void Session_unknown_host_that_comes_into_being_is_sent()
    {
        var script = new Script();
        script.Publish(Shop);
        script.Subscribe(VirtualHost, "r/late");
        script.Ack(1);

        Assert.That(script.Publish(Host("2", "r/late", "r/shop")), Is.EqualTo("VirtualHost +r/v=2 #2"));
    }

    [Test]
    public void Session_host_follows_changes_and_removals()
    {
        var script = new Script();
        script.Publish(Shop);
        script.Subscribe(VirtualHost, "r/shop");
        script.Ack(1);

        Assert.That(script.Publish(Host("2", "r/shop")), Is.EqualTo("VirtualHost +r/v=2 #2"));
        script.Ack(2);
        Assert.That(script.Publish([Shop.Key]), Is.EqualTo("VirtualHost -r/v #3"));
        script.Ack(3);
        Assert.That(script.Subscribe(VirtualHost, "r/shop"), Is.EqualTo("VirtualHost ?r/shop #4"));
    }

    [Test]
    public void Session_host_that_lost_the_alias_is_removed()
    {
        var script = new Script();
        script.Publish(Shop);
        script.Subscribe(VirtualHost, "r/store");
        script.Ack(1);

        Assert.That(script.Publish(Host("1", "r/shop")), Is.EqualTo("VirtualHost -r/v #2"));
    }

    [Test]
    public void Session_request_without_names_gets_the_hosts_for_everybody_and_an_answer_in_any_case()
    {
        var script = new Script();
        script.Publish(Shop);

        Assert.That(script.Subscribe(VirtualHost), Is.EqualTo("VirtualHost #1"));
        script.Ack(1);
        Assert.That(script.Publish(Resource(VirtualHost, "r/common", "1")), Is.EqualTo("VirtualHost +r/common=1 #2"));
        Assert.That(script.Subscribe(VirtualHost, "r/shop"), Is.EqualTo("VirtualHost +r/v=1 #3"));
    }

    [Test]
    public void Session_refused_host_is_answered_for_the_alias_that_is_waited_for()
    {
        var script = new Script();
        script.Publish(Shop);
        script.Subscribe(VirtualHost, "r/store");

        Assert.That(script.Nack(1, "bad"), Is.EqualTo("VirtualHost ?r/store #2"));
        script.Ack(2);
        Assert.That(script.Subscribe(VirtualHost, "r/store"), Does.Contain("?r/store"));
        Assert.That(script.State.Rejected.Keys, Is.EqualTo(new[] { Shop.Key }));
    }

    [Test]
    public void Session_reconnect_sends_only_the_hosts_that_differ()
    {
        var script = new Script();
        script.Publish(Shop);

        Assert.That(script.Resume(VirtualHost, ["r/store"], Shop), Is.Empty);
        Assert.That(script.Publish(Host("2", "r/store")), Is.EqualTo("VirtualHost +r/v=2 #1"));
    }

    [Test]
    public void Session_reconnect_with_a_host_that_there_was_not_is_answered()
    {
        var script = new Script();
        script.Publish(Shop);

        Assert.That(script.ResumeVersions(VirtualHost, ["r/nobody"], ("r/nobody", "")), Is.EqualTo("VirtualHost ?r/nobody #1"));
    }

    [Test]
    public void Session_reconnect_removes_the_host_that_the_alias_means_no_longer()
    {
        var script = new Script();
        script.Publish(Resource(VirtualHost, "r/w", "1", new ScriptDetails(OnDemand: true) { Aliases = ["r/store"] }));

        Assert.That(script.Resume(VirtualHost, ["r/store"], Shop), Is.EqualTo("VirtualHost +r/w=1 #1"));
        Assert.That(script.Ack(1), Is.EqualTo("VirtualHost -r/v #2"));
    }

    [Test]
    public void Resource_with_aliases_and_a_ttl_has_a_version_of_both()
    {
        EncodedResource[] resources = [.. new[] { TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6), (TimeSpan?)null }.SelectMany(static ttl => new[]
        {
            Resource(VirtualHost, "r/v", "1", new ScriptDetails { Ttl = ttl }),
            Resource(VirtualHost, "r/v", "1", new ScriptDetails { Aliases = ["r/shop"], Ttl = ttl }),
        })];

        Assert.That(resources.Select(static resource => resource.Version), Is.Unique);
    }

    [Test]
    public void Resource_of_other_aliases_has_another_version_and_other_bytes()
    {
        Assert.That(Host("1", "r/shop").Version, Is.Not.EqualTo(Shop.Version));
        Assert.That(Envoy.Service.Discovery.V3.Resource.Parser.ParseFrom(Shop.Wire.Span).Aliases, Is.EqualTo(new[] { "r/shop", "r/store" }));
    }

    private static EncodedResource Host(string content, params string[] aliases) =>
        Resource(VirtualHost, "r/v", content, new ScriptDetails(OnDemand: true) { Aliases = [.. aliases] });
}
