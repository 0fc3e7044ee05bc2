// SPDX-License-Identifier: Apache-2.0
using FsCheck;
using FsCheck.Fluent;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Testing;
using Mesh.Tests.Translation;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.Tests.Snapshots;

internal sealed class SnapshotBuilderTests
{
    private static readonly MeshNode Node = new(new NodeName("n1"), CaptureMode.Loopback);

    /// <summary>Any series of edits, each with or without the hint of what changed, ends where a build from nothing ends.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void Incremental_build_gives_the_bytes_of_a_full_one(bool hasHints) =>
        Prop.ForAll<byte[]>(edits => EndsLikeAFullBuild(edits, hasHints)).QuickCheckThrowOnFailure();

    private static void EndsLikeAFullBuild(byte[] edits, bool hasHints)
    {
        var model = MeshModel.Empty;
        var mesh = SnapshotBuilder.Build(model, previous: null);
        var node = SnapshotBuilder.ForNode(mesh, Node, previous: null);
        foreach (var edit in edits)
        {
            model = Edit(model, edit, hasHints);
            mesh = SnapshotBuilder.Build(model, mesh);
            node = SnapshotBuilder.ForNode(mesh, Node, node);
        }

        var full = SnapshotBuilder.ForNode(SnapshotBuilder.Build(model with { Changes = null }, previous: null), Node, previous: null);

        Assert.That(Print(node), Is.EqualTo(Print(full)));
    }

    [Test]
    public void Order_of_services_and_endpoints_does_not_matter()
    {
        var a = Meshes.Service("127.96.0.1", Meshes.ServicePort(Meshes.Port("a")));
        var b = Meshes.Service("127.96.0.2", Meshes.ServicePort(Meshes.Port("b")));
        var one = Meshes.Endpoint("10.0.0.1", 80) with { Zone = "z" };
        var two = Meshes.Endpoint("10.0.0.2", 80);

        var forth = Full(Meshes.Model(1, [a, b], Meshes.Endpoints(Meshes.Port("a"), one, two)));
        var back = Full(Meshes.Model(1, [b, a], Meshes.Endpoints(Meshes.Port("a"), two, one)));

        Assert.That(Print(back), Is.EqualTo(Print(forth)));
    }

    [Test]
    public void Change_of_endpoints_makes_one_new_resource_and_no_new_table_beside_it()
    {
        var before = SnapshotBuilder.Build(FullExample.Model(FullExample.First), previous: null);
        var node = SnapshotBuilder.ForNode(before, Node, previous: null);
        var changed = WithEndpoints(before.Model, FullExample.Target, Meshes.Endpoint("10.244.0.9", 8080));

        var after = SnapshotBuilder.ForNode(SnapshotBuilder.Build(changed, before), Node, node);

        Assert.That(after[ResourceType.Endpoint].ChangesSince(node[ResourceType.Endpoint]), Is.EqualTo(new[] { "s/shop/cart:8080" }));
        foreach (var type in ResourceTypes.PushOrder.Where(t => t != ResourceType.Endpoint))
        {
            Assert.That(after[type], Is.SameAs(node[type]), type.ToString());
        }
    }

    [Test]
    public void Equal_content_of_new_origin_keeps_its_bytes_and_takes_the_origin()
    {
        var origin = Origins.Of(new ResourceRef("TrafficPolicy", "shop", "cart", 4));
        var before = SnapshotBuilder.Build(FullExample.Model(FullExample.First), previous: null);

        var after = SnapshotBuilder.Build(FullExample.Model(FullExample.First with { ClusterOrigins = origin }, revision: 2), before);

        var old = before.Shared[(int)ResourceType.Cluster].Find("s/shop/cart:8080");
        var current = after.Shared[(int)ResourceType.Cluster].Find("s/shop/cart:8080");
        Assert.That(current?.Origins, Is.EqualTo(origin));
        Assert.That(current?.Wire, Is.EqualTo(old?.Wire));
        Assert.That(
            after.Shared[(int)ResourceType.Route].Find("r/shop/cart:8080"),
            Is.SameAs(before.Shared[(int)ResourceType.Route].Find("r/shop/cart:8080")));
    }

    [Test]
    public void Resource_that_breaks_envoys_rules_is_refused_and_its_last_good_version_stays()
    {
        var good = SnapshotBuilder.Build(FullExample.Model(FullExample.First), previous: null);
        var origin = Origins.Of(new ResourceRef("TrafficPolicy", "shop", "cart", 9));
        var broken = FullExample.First with
        {
            Cluster = FullExample.First.Cluster with { ConnectTimeout = TimeSpan.Zero },
            ClusterOrigins = origin,
        };

        var refused = SnapshotBuilder.Build(FullExample.Model(broken, revision: 2), good);
        var mended = SnapshotBuilder.Build(FullExample.Model(FullExample.First, revision: 3), refused);

        Assert.That(refused.Refused.Select(r => r.Key.Name), Is.EqualTo(new[] { "o/127.96.0.10:8080", "s/shop/cart:8080" }));
        Assert.That(refused.Refused[0].Origins, Is.EqualTo(origin));
        Assert.That(refused.Refused[0].Message, Does.Contain("connect_timeout"));
        Assert.That(refused.Shared[(int)ResourceType.Cluster], Is.SameAs(good.Shared[(int)ResourceType.Cluster]));
        Assert.That(mended.Refused, Is.Empty);
    }

    [Test]
    public void Resource_that_never_had_a_good_version_is_absent_and_those_that_name_it_stay()
    {
        var rule = Meshes.Rule(Meshes.AnyRequest with { Headers = [new ValueMatch("", ValueMatchKind.Exact, "x")] }, Meshes.Forward(Meshes.Port("a")));
        var port = Meshes.ServicePort(Meshes.Port("a")) with { Routes = Meshes.Routes(rule) };

        var mesh = SnapshotBuilder.Build(Meshes.Model(1, [Meshes.Service("127.96.0.1", port)]), previous: null);

        Assert.That(mesh.Refused.Select(r => r.Key), Is.EqualTo(new[] { new ResourceKey(ResourceType.Route, "r/shop/a:80") }));
        Assert.That(mesh.Shared[(int)ResourceType.ScopedRoute].Resources.Keys, Is.EqualTo(new[] { "o/127.96.0.1:80" }));
    }

    [Test]
    public void Cluster_without_assignment_is_a_bug_that_names_both()
    {
        var model = FullExample.Model(FullExample.First);
        var before = SnapshotBuilder.Build(model, previous: null);
        var torn = model with { Revision = new Revision(2), Endpoints = model.Endpoints.Remove(FullExample.Target) };

        Assert.That(
            () => SnapshotBuilder.Build(torn, previous: null), Throws.TypeOf<SnapshotInconsistentException>().With.Message.Contains("Endpoint s/shop/cart"));
        Assert.That(
            () => SnapshotBuilder.Build(torn, before),
            Throws.TypeOf<SnapshotInconsistentException>().With.Message.EqualTo(
                "Cluster s/shop/cart:8080 names Endpoint s/shop/cart:8080, which is not in the snapshot."));
    }

    [Test]
    public void Mirror_that_comes_and_goes_changes_how_its_cluster_is_delivered()
    {
        var without = FullExample.First with { Routes = Meshes.Routes(Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(FullExample.Target))) };
        var first = SnapshotBuilder.Build(FullExample.Model(without), previous: null);
        var second = SnapshotBuilder.Build(FullExample.Model(FullExample.First, revision: 2), first);
        var third = SnapshotBuilder.Build(FullExample.Model(without, revision: 3), second);

        Assert.That(
            new[] { first, second, third }.Select(m => m.Shared[(int)ResourceType.Cluster].Find("s/shop/copies:8080")?.OnDemand),
            Is.EqualTo(new[] { true, false, true }));
    }

    [Test]
    public void Node_gets_its_own_pods_and_those_of_unknown_place()
    {
        var here = Meshes.Workload("10.0.0.1", "shop", "here") with { Node = Node.Name };
        var there = Meshes.Workload("10.0.0.2", "shop", "there") with { Node = new NodeName("n2") };
        var somewhere = Meshes.Workload("10.0.0.3", "shop", "somewhere");
        var mesh = SnapshotBuilder.Build(MeshModel.Empty with { Workloads = [here, there, somewhere] }, previous: null);

        var identity = SnapshotBuilder.ForNode(mesh, Node, previous: null)[ResourceType.Extension].Find("identity")?.Message.ToString();

        Assert.That(identity, Is.Not.Null);
        Assert.That(Xds.Translation.EnvoyJson.Format(mesh.Shared[(int)ResourceType.Listener].Resources.Values.First().Message), Does.Contain("identity"));
        Assert.That(mesh.Workloads.Of(Node.Name).Select(w => w.Name), Is.EquivalentTo(new[] { "here", "somewhere" }));
        Assert.That(mesh.Workloads.Of(new NodeName("n3")).Select(w => w.Name), Is.EqualTo(new[] { "somewhere" }));
    }

    private static NodeSnapshot Full(MeshModel model) =>
        SnapshotBuilder.ForNode(SnapshotBuilder.Build(model, previous: null), Node, previous: null);

    private static MeshModel WithEndpoints(MeshModel model, ServicePortName port, params IEnumerable<Endpoint> endpoints) => model with
    {
        Revision = model.Revision.Next(),
        Endpoints = model.Endpoints.SetItem(port, Meshes.Endpoints(port, endpoints)),
        Changes = new ModelChanges(model.Revision, [], [port]),
    };

    /// <summary>One of eight edits on one of eight services.</summary>
    private static MeshModel Edit(MeshModel model, byte edit, bool hasHints)
    {
        var index = edit & 7;
        var port = Meshes.Port($"svc{index}");
        var present = model.Services.GetValueOrDefault(port.Service);
        MeshService With(Func<ServicePort, ServicePort> change) => Meshes.Service($"127.96.0.{index + 1}", change(Meshes.ServicePort(port)));
        var next = (edit >> 3) switch
        {
            0 or 1 when present is not null => model with { Services = model.Services.Remove(port.Service), Endpoints = model.Endpoints.Remove(port) },
            < 8 => Put(model, With(p => p)),
            < 12 => Put(model, With(p => p with { Protocol = PortProtocol.Tcp })),
            < 18 => Put(model, With(p => p with
            {
                Routes = Meshes.Routes(p.Routes.Producer[0] with { Mirrors = [new Mirror(Meshes.Port($"svc{(index + 1) & 7}"), 1)] }),
            })),
            < 22 => Put(model, With(p => p with { ClusterOrigins = Origins.Of(new ResourceRef("TrafficPolicy", "shop", "p", edit)) })),
            < 26 => model with { Workloads = [Meshes.Workload("10.0.0.1", "shop", $"pod{index}")] },
            < 28 => model with { Settings = model.Settings with { PodCidrs = [$"10.{index}.0.0/16"] } },
            _ when present is not null => model with
            {
                Endpoints = model.Endpoints.SetItem(port, Meshes.Endpoints(port, Meshes.Endpoint($"10.0.1.{edit}", 80))),
            },
            _ => model,
        };
        return next with
        {
            Revision = model.Revision.Next(),
            Changes = hasHints ? new ModelChanges(model.Revision, [port.Service], [port]) : null,
        };
    }

    private static MeshModel Put(MeshModel model, MeshService service)
    {
        var port = service.Ports[0].Name;
        return model with
        {
            Services = model.Services.SetItem(service.Name, service),
            Endpoints = model.Endpoints.ContainsKey(port) ? model.Endpoints : model.Endpoints.Add(port, Meshes.Endpoints(port)),
        };
    }

    private static string Print(NodeSnapshot snapshot) => string.Join('\n', snapshot.Tables
        .SelectMany(t => t.Resources.Values)
        .Select(r => $"{r.Key} {r.Version} {r.OnDemand} {r.Origins} {Convert.ToHexString(r.Wire.Span)}")
        .Order(StringComparer.Ordinal));

    [Test]
    public void Listener_of_a_node_that_breaks_envoys_rules_is_withheld_and_told_of()
    {
        var (mesh, refused) = Looped(port: 70000, revision: 1);

        var unchanged = SnapshotBuilder.ForNode(mesh, Node, refused);
        var (_, mended) = Looped(port: 81, revision: 2, (mesh, unchanged));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Refused.Select(r => r.Key), Is.EqualTo(new[] { new ResourceKey(ResourceType.Listener, "l/127.96.0.1:70000") }));
            Assert.That(refused.Refused[0].Message, Does.Contain("port_value"));
            Assert.That(refused[ResourceType.Listener].Resources.Keys, Is.Empty);
            Assert.That(unchanged.Refused, Is.EqualTo(refused.Refused));
            Assert.That(mended.Refused, Is.Empty);
            Assert.That(mended[ResourceType.Listener].Resources.Keys, Is.EqualTo(new[] { "l/127.96.0.1:81" }));
        }
    }

    private static (MeshSnapshot Mesh, NodeSnapshot Node) Looped(int port, long revision, (MeshSnapshot Mesh, NodeSnapshot Node)? before = null)
    {
        var model = Meshes.Model(revision, [Meshes.Service("127.96.0.1", Meshes.ServicePort(Meshes.Port("a", port)))]);
        var mesh = SnapshotBuilder.Build(model, before?.Mesh);
        return (mesh, SnapshotBuilder.ForNode(mesh, Node, before?.Node));
    }
}
