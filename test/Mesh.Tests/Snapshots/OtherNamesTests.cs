// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Tests.Streams;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation;
using static Mesh.Tests.Streams.Script;

namespace Mesh.Tests.Snapshots;

internal sealed class OtherNamesTests
{
    private const string Folder = "xdstp://m/envoy.config.cluster.v3.Cluster/p/";

    [Test]
    public void Table_knows_who_is_meant_by_another_name()
    {
        var table = ResourceTable.Empty.With([Named("b"), Named("a"), Aliased("x", "k"), Aliased("y", "k", "l"), Resource(ResourceType.Cluster, "plain", "1")], []);

        Assert.That(table.HasOtherNames, Is.True);
        Assert.That(table.Members(Folder + "*"), Is.EqualTo(new[] { Folder + "a", Folder + "b" }));
        Assert.That(table.Members("k"), Is.EqualTo(new[] { "x", "y" }));
        Assert.That(table.Members("l"), Is.EqualTo(new[] { "y" }));
        Assert.That(table.Members("x"), Is.Empty);
    }

    [Test]
    public void Table_forgets_other_names_that_went()
    {
        var table = ResourceTable.Empty.With([Named("a"), Aliased("x", "k")], []);

        var changed = table.With([Aliased("x", "l")], [Folder + "a"]);

        Assert.That(changed.Members("k"), Is.Empty);
        Assert.That(changed.Members("l"), Is.EqualTo(new[] { "x" }));
        Assert.That(changed.Members(Folder + "*"), Is.Empty);
        Assert.That(changed.With([], ["x"]).HasOtherNames, Is.False);
    }

    [Test]
    public void Table_of_plain_names_has_no_other_names()
    {
        Assert.That(ResourceTable.Empty.With([Resource(ResourceType.Cluster, "plain", "1")], []).HasOtherNames, Is.False);
    }

    [Test]
    public void Resource_is_encoded_under_its_normal_name_in_message_and_references_too()
    {
        var resource = Resource(
            ResourceType.Cluster, Folder + "a?z=1&b=2", "1", new ScriptDetails(References: [new ResourceKey(ResourceType.Endpoint, "xdstp://m/t/%61")]));

        Assert.That(resource.Key.Name, Is.EqualTo(Folder + "a?b=2&z=1"));
        Assert.That(((Envoy.Config.Cluster.V3.Cluster)resource.Message).Name, Is.EqualTo(resource.Key.Name));
        Assert.That(Envoy.Service.Discovery.V3.Resource.Parser.ParseFrom(resource.Wire.Span).Name, Is.EqualTo(resource.Key.Name));
        Assert.That(resource.References.Single().Name, Is.EqualTo("xdstp://m/t/a"));
        Assert.That(resource.OnDemand, Is.True);
    }

    [TestCase("xdstp://m/envoy.config.cluster.v3.Cluster", "no path")]
    [TestCase("xdstp://m/envoy.config.cluster.v3.Cluster/*", "collection")]
    [TestCase("xdstp://m/envoy.config.listener.v3.Listener/a", "right is envoy.config.cluster.v3.Cluster")]
    public void Table_refuses_a_name_under_which_nobody_could_ask_for_the_resource(string name, string why)
    {
        var change = new TableChange(TableChange.NoTables, []);

        change.Put(new XdsResource
        {
            Key = new ResourceKey(ResourceType.Cluster, name),
            Message = new Envoy.Config.Cluster.V3.Cluster { Name = name },
            Origins = Origins.None,
            OnDemand = false,
            References = [],
        });

        Assert.That(change.Refused.Single().Message, Does.Contain(why));
        Assert.That(change.Apply()[(int)ResourceType.Cluster].Ordered, Is.Empty);
    }

    private static EncodedResource Named(string name) => Resource(ResourceType.Cluster, Folder + name, "1");

    private static EncodedResource Aliased(string name, params string[] aliases) =>
        Resource(ResourceType.Cluster, name, "1", new ScriptDetails { Aliases = [.. aliases] });
}
