// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation;

namespace Mesh.Tests.Snapshots;

internal sealed class NodeTableTests
{
    [Test]
    public void Node_table_keeps_the_last_good_version_of_what_breaks_a_rule_until_it_is_mended()
    {
        var good = After(snapshot: null, port: 80);

        var refused = After(good, port: 70000);
        var mended = After(refused, port: 81);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(good.Refused, Is.Empty);
            Assert.That(refused.Refused.Select(r => (r.Key.Name, r.Origins)), Is.EqualTo(new[] { ("l", Origins.Of(From(70000))) }));
            Assert.That(refused[ResourceType.Listener], Is.SameAs(good[ResourceType.Listener]));
            Assert.That(mended.Refused, Is.Empty);
            Assert.That(mended[ResourceType.Listener].Find("l")?.Origins, Is.EqualTo(Origins.Of(From(81))));
        }
    }

    private static NodeSnapshot After(NodeSnapshot? snapshot, uint port)
    {
        var change = NodeTable.Of(ResourceType.Listener, snapshot).Change(ResourceType.Listener);
        change.Put(new XdsResource
        {
            Key = new ResourceKey(ResourceType.Listener, "l"),
            Message = new Listener
            {
                Name = "l",
                Address = new Address { SocketAddress = new SocketAddress { Address = "127.96.0.1", PortValue = port } },
            },
            Origins = Origins.Of(From(port)),
            OnDemand = false,
            References = [],
        });
        var table = NodeTable.Of(ResourceType.Listener, change);
        return new NodeSnapshot
        {
            Node = new NodeName("n1"),
            Revision = new Revision(port),
            Tables = TableChange.NoTables.SetItem((int)ResourceType.Listener, table.Table),
            Refused = table.Refused,
        };
    }

    private static ResourceRef From(long port) => new("Service", "shop", "a", port);
}
