// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.Tests.Snapshots;

/// <summary>Endpoints as different nodes see them.</summary>
[NonParallelizable]
internal sealed class PlacedTableTests
{
    private static readonly ServicePortName Cart = Meshes.Port("cart");
    private static readonly ServicePortName Pay = Meshes.Port("pay");

    [Test]
    public void Node_calls_endpoints_of_its_zone_first_then_others_and_last_those_that_leave()
    {
        var set = Meshes.Endpoints(Cart, In("10.0.0.1", "a"), In("10.0.0.2", "b"), In("10.0.0.3", "a") with { Health = EndpointHealth.Draining, ForZones = [] });

        var mesh = Build(set);

        Assert.That(Levels(ForNode(mesh, "n-a")), Is.EqualTo(["0 10.0.0.1", "1 10.0.0.2", "2 10.0.0.3"]));
        Assert.That(Levels(ForNode(mesh, "n-b")), Is.EqualTo(["0 10.0.0.2", "1 10.0.0.1", "2 10.0.0.3"]));
        Assert.That(Levels(ForNode(mesh, "n-c")), Is.EqualTo(["0 10.0.0.1", "0 10.0.0.3", "0 10.0.0.2"]), "a zone without endpoints");
        Assert.That(Levels(ForNode(mesh, "elsewhere")), Is.EqualTo(["0 10.0.0.1", "0 10.0.0.3", "0 10.0.0.2"]), "a node of no known zone");
    }

    [Test]
    public void Node_calls_endpoints_of_its_own_before_those_of_its_zone()
    {
        var mesh = Build(Meshes.Endpoints(Cart, At("10.0.0.1", "a", "n-a"), At("10.0.0.2", "a", "n-x"), At("10.0.0.3", "b", "n-b")));

        Assert.That(Levels(ForNode(mesh, "n-a")), Is.EqualTo(["0 10.0.0.1", "1 10.0.0.2", "2 10.0.0.3"]));
        Assert.That(Levels(ForNode(mesh, "n-b")), Is.EqualTo(["0 10.0.0.3", "1 10.0.0.1", "1 10.0.0.2"]));
        Assert.That(Levels(ForNode(mesh, "n-c")), Is.EqualTo(["0 10.0.0.1", "0 10.0.0.2", "0 10.0.0.3"]));
    }

    [Test]
    public void Local_service_has_endpoints_on_the_node_alone()
    {
        var mesh = Build(Meshes.Endpoints(Cart, At("10.0.0.1", "a", "n-a"), At("10.0.0.2", "b", "n-b")) with { Reach = EndpointReach.Node });

        Assert.That(Levels(ForNode(mesh, "n-a")), Is.EqualTo(["0 10.0.0.1"]));
        Assert.That(Levels(ForNode(mesh, "n-c")), Is.Empty);
    }

    [Test]
    public void Nodes_share_a_table_where_nothing_depends_on_the_place_and_by_zone_where_it_does()
    {
        var plain = Build(Meshes.Endpoints(Cart, Meshes.Endpoint("10.0.0.1", 80)));
        var zoned = Build(Meshes.Endpoints(Cart, In("10.0.0.1", "a")));

        Assert.That(ForNode(plain, "n-a")[ResourceType.Endpoint], Is.SameAs(plain.Shared[(int)ResourceType.Endpoint]));
        Assert.That(ForNode(zoned, "n-a")[ResourceType.Endpoint], Is.SameAs(ForNode(zoned, "n-a2")[ResourceType.Endpoint]));
        Assert.That(ForNode(zoned, "n-b")[ResourceType.Endpoint].Find("s/shop/pay:80"), Is.SameAs(ForNode(zoned, "n-a")[ResourceType.Endpoint].Find("s/shop/pay:80")));
    }

    [Test]
    public void Change_of_one_service_is_one_change_of_every_table()
    {
        var before = Build(Meshes.Endpoints(Cart, At("10.0.0.1", "a", "n-a"), At("10.0.0.2", "b", "n-b")));
        var node = ForNode(before, "n-a");

        var after = SnapshotBuilder.Build(With(before.Model, Meshes.Endpoints(Pay, Meshes.Endpoint("10.0.0.9", 80))), before);
        var next = SnapshotBuilder.ForNode(after, Node("n-a"), node);

        Assert.That(next[ResourceType.Endpoint].ChangesSince(node[ResourceType.Endpoint]), Is.EqualTo(new[] { "s/shop/pay:80" }));
        Assert.That(next[ResourceType.Endpoint].Find("s/shop/cart:80"), Is.SameAs(node[ResourceType.Endpoint].Find("s/shop/cart:80")));
    }

    [Test]
    public void Node_that_moves_to_another_zone_sees_what_that_zone_sees()
    {
        var before = Build(Meshes.Endpoints(Cart, In("10.0.0.1", "a"), In("10.0.0.2", "b")));
        var node = ForNode(before, "n-a");
        var moved = before.Model with
        {
            Revision = before.Model.Revision.Next(),
            Zones = before.Model.Zones.SetItem(new NodeName("n-a"), "b"),
            Changes = new ModelChanges(before.Model.Revision, [], []),
        };

        var next = SnapshotBuilder.ForNode(SnapshotBuilder.Build(moved, before), Node("n-a"), node);

        Assert.That(Levels(next), Is.EqualTo(["0 10.0.0.2", "1 10.0.0.1"]));
        Assert.That((node.Zone, next.Zone), Is.EqualTo(("a", "b")));
    }

    /// <summary>Measured by allocations, which a busy machine does not blur; the dictionaries' own depth grows with the logarithm.</summary>
    [Test]
    public void Cost_of_a_change_does_not_depend_on_the_number_of_placed_services() => Assert.That(Allocated(4000), Is.LessThan(Allocated(500) * 2));

    private static long Allocated(int services)
    {
        var ports = Enumerable.Range(0, services).Select(number => Meshes.Port(FormattableString.Invariant($"s{number}"))).ToList();
        var model = Meshes.Model(
            1,
            ports.Select((port, number) => Meshes.Service(FormattableString.Invariant($"10.{number >> 8}.{number & 255}.1"), Meshes.ServicePort(port))),
            ports.Select(port => Meshes.Endpoints(port, At("10.0.0.1", "a", "n-a"), At("10.0.0.2", "b", "n-b"))));
        var mesh = SnapshotBuilder.Build(model with { Zones = Zones }, previous: null);
        var node = ForNode(mesh, "n-a");
        var next = SnapshotBuilder.Build(With(mesh.Model, Meshes.Endpoints(ports[7], At("10.0.0.3", "a", "n-a"))), mesh);
        next = SnapshotBuilder.Build(With(next.Model, Meshes.Endpoints(ports[7], At("10.0.0.4", "a", "n-a"))), next);
        node = SnapshotBuilder.ForNode(next, Node("n-a"), node);
        next = SnapshotBuilder.Build(With(next.Model, Meshes.Endpoints(ports[7], At("10.0.0.5", "a", "n-a"))), next);

        var before = GC.GetAllocatedBytesForCurrentThread();
        SnapshotBuilder.ForNode(next, Node("n-a"), node);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Any series of edits, with snapshots of several nodes taken on the way, ends where builds from nothing end.</summary>
    [Test]
    public void Incremental_tables_are_those_of_a_build_from_nothing() => Prop.ForAll<byte[]>(edits =>
    {
        var mesh = Build(Meshes.Endpoints(Cart));
        var nodes = Names.ToDictionary(name => name, name => ForNode(mesh, name), StringComparer.Ordinal);
        foreach (var edit in edits)
        {
            mesh = SnapshotBuilder.Build(Edit(mesh.Model, edit), mesh);
            foreach (var name in Names.Where(name => name != "n-b" || edit % 3 == 0))
            {
                nodes[name] = SnapshotBuilder.ForNode(mesh, Node(name), nodes[name]);
            }
        }

        nodes["n-b"] = SnapshotBuilder.ForNode(mesh, Node("n-b"), nodes["n-b"]);
        var full = SnapshotBuilder.Build(mesh.Model with { Changes = null }, previous: null);
        return Names.All(name => Print(nodes[name]) == Print(ForNode(full, name)));
    }).QuickCheckThrowOnFailure();

    private static readonly string[] Names = ["n-a", "n-a2", "n-b", "n-c"];

    private static readonly ImmutableDictionary<NodeName, string> Zones =
        new[] { ("n-a", "a"), ("n-a2", "a"), ("n-b", "b"), ("n-c", "c") }.ToImmutableDictionary(pair => new NodeName(pair.Item1), pair => pair.Item2);

    private static MeshModel Edit(MeshModel model, byte edit)
    {
        var port = edit % 2 == 0 ? Cart : Pay;
        var next = ((edit / 2) % 6) switch
        {
            0 => With(model, Meshes.Endpoints(port)),
            1 => With(model, Meshes.Endpoints(port, Meshes.Endpoint("10.0.0.1", 80))),
            2 => With(model, Meshes.Endpoints(port, In("10.0.0.1", "a"), In("10.0.0.2", "b"))),
            3 => With(model, Meshes.Endpoints(port, At("10.0.0.1", "a", "n-a"), At("10.0.0.2", "b", "n-b"))),
            4 => With(model, Meshes.Endpoints(port, At("10.0.0.1", "a", "n-a"), At("10.0.0.3", "b", "n-c")) with { Reach = EndpointReach.Node }),
            _ => model with { Revision = model.Revision.Next(), Zones = model.Zones.SetItem(new NodeName("n-a2"), edit % 5 == 0 ? "b" : "a"), Changes = null },
        };
        return edit < 128 ? next : next with { Changes = null };
    }

    private static MeshModel With(MeshModel model, EndpointSet set) => model with
    {
        Revision = model.Revision.Next(),
        Endpoints = model.Endpoints.SetItem(set.Name, set),
        Changes = new ModelChanges(model.Revision, [], [set.Name]),
    };

    private static Endpoint In(string address, string zone) => Meshes.Endpoint(address, 80) with { Zone = zone, ForZones = [zone] };

    private static Endpoint At(string address, string zone, string node) => In(address, zone) with { Node = new NodeName(node), ForNodes = [node] };

    private static MeshSnapshot Build(EndpointSet endpoints)
    {
        var model = Meshes.Model(
            1, [Meshes.Service("127.96.0.1", Meshes.ServicePort(Cart)), Meshes.Service("127.96.0.2", Meshes.ServicePort(Pay))], endpoints);
        return SnapshotBuilder.Build(model with { Zones = Zones }, previous: null);
    }

    private static MeshNode Node(string name) => new(new NodeName(name), CaptureMode.Loopback);

    private static NodeSnapshot ForNode(MeshSnapshot mesh, string name) => SnapshotBuilder.ForNode(mesh, Node(name), previous: null);

    /// <summary>Priority and address of what is called for shop/cart.</summary>
    private static string[] Levels(NodeSnapshot node)
    {
        var assignment = (Envoy.Config.Endpoint.V3.ClusterLoadAssignment)node[ResourceType.Endpoint].Find("s/shop/cart:80")!.Message;
        return
        [
            .. assignment.Endpoints.SelectMany(locality => locality.LbEndpoints
                .Select(endpoint => $"{locality.Priority} {endpoint.Endpoint.Address.SocketAddress.Address}")),
        ];
    }

    private static string Print(NodeSnapshot node) => string.Join('\n', node[ResourceType.Endpoint].Resources.Values
        .Select(resource => $"{resource.Key} {resource.Version}")
        .Order(StringComparer.Ordinal));
}
