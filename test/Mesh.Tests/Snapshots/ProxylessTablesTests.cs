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

internal sealed class ProxylessTablesTests
{
    private static readonly MeshNode[] Clients = [Client("shop"), Client("visitor"), Client("")];

    /// <summary>Any series of edits, with clients that ask now and then, ends where tables made from nothing are.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void Incremental_tables_are_those_made_from_nothing(bool hasHints) =>
        Prop.ForAll<byte[]>(edits => EndsLikeFromNothing(edits, hasHints)).QuickCheckThrowOnFailure();

    [Test]
    public void Clients_share_tables_but_for_the_routes_of_their_own_namespace()
    {
        var mesh = SnapshotBuilder.Build(FullExample.Model(FullExample.First), previous: null);

        var tables = Clients.Select(client => SnapshotBuilder.ForNode(mesh, client, previous: null)).ToList();

        foreach (var type in ResourceTypes.PushOrder)
        {
            Assert.That(tables[2][type], Is.SameAs(tables[0][type]), type.ToString());
            Assert.That(tables[1][type], type == ResourceType.Route ? Is.Not.SameAs(tables[0][type]) : Is.SameAs(tables[0][type]), type.ToString());
        }
    }

    [Test]
    public void Change_of_endpoints_is_one_name_in_the_next_table()
    {
        var before = SnapshotBuilder.Build(FullExample.Model(FullExample.First), previous: null);
        var old = SnapshotBuilder.ForNode(before, Clients[0], previous: null);
        var changed = before.Model with
        {
            Revision = before.Model.Revision.Next(),
            Endpoints = before.Model.Endpoints.SetItem(FullExample.Target, Meshes.Endpoints(FullExample.Target, Meshes.Endpoint("10.0.0.9", 80))),
        };

        var after = SnapshotBuilder.ForNode(SnapshotBuilder.Build(changed, before), Clients[0], old);

        Assert.That(after[ResourceType.Endpoint].ChangesSince(old[ResourceType.Endpoint]), Is.EqualTo(new[] { "s/shop/cart:8080" }));
        Assert.That(after[ResourceType.Cluster], Is.SameAs(old[ResourceType.Cluster]));
        Assert.That(after[ResourceType.Route], Is.SameAs(old[ResourceType.Route]));
    }

    private static MeshNode Client(string ns) =>
        new(new NodeName("grpc/" + ns), CaptureMode.Loopback) { Proxyless = new ProxylessClient(ns) };

    private static void EndsLikeFromNothing(byte[] edits, bool hasHints)
    {
        var mesh = SnapshotBuilder.Build(MeshModel.Empty, previous: null);
        foreach (var edit in edits)
        {
            mesh = SnapshotBuilder.Build(Edit(mesh.Model, edit, hasHints), mesh);

            // One edit in four nobody asks for.
            if (edit % 4 < Clients.Length)
            {
                SnapshotBuilder.ForNode(mesh, Clients[edit % 4], previous: null);
            }
        }

        var fresh = SnapshotBuilder.Build(mesh.Model with { Changes = null }, previous: null);

        foreach (var client in Clients)
        {
            Assert.That(Print(SnapshotBuilder.ForNode(mesh, client, previous: null)), Is.EqualTo(Print(SnapshotBuilder.ForNode(fresh, client, previous: null))));
        }
    }

    /// <summary>One of eight edits on one of eight services.</summary>
    private static MeshModel Edit(MeshModel model, byte edit, bool hasHints)
    {
        var port = Meshes.Port($"svc{edit & 7}");
        var plain = Meshes.ServicePort(port);
        var next = (edit >> 3) switch
        {
            < 6 => model with { Services = model.Services.Remove(port.Service), Endpoints = model.Endpoints.Remove(port) },
            < 12 => Put(model, plain),
            < 15 => Put(model, plain with { Protocol = PortProtocol.Tcp }),
            < 20 => Put(model, plain with { Routes = plain.Routes with { Consumers = [new ConsumerRoutes("visitor", plain.Routes.Producer)] } }),
            < 24 => Put(model, plain with { Routes = Meshes.Routes(Meshes.Rule(Meshes.Exact("/a/b"), Meshes.Forward(Meshes.Backend(target: null)))) }),
            _ when model.Services.ContainsKey(port.Service) => model with
            {
                Endpoints = model.Endpoints.SetItem(port, Meshes.Endpoints(
                    port,
                    Meshes.Endpoint($"10.0.1.{edit}", 80),
                    Meshes.Endpoint("10.0.2.1", 80) with { Health = (edit & 8) == 0 ? EndpointHealth.Ready : EndpointHealth.Draining })),
            },
            _ => model,
        };
        return next with
        {
            Revision = model.Revision.Next(),
            Changes = hasHints ? new ModelChanges(model.Revision, [port.Service], [port]) : null,
        };
    }

    private static MeshModel Put(MeshModel model, ServicePort port) => model with
    {
        Services = model.Services.SetItem(port.Name.Service, Meshes.Service("127.96.0.1", port)),
        Endpoints = model.Endpoints.ContainsKey(port.Name) ? model.Endpoints : model.Endpoints.Add(port.Name, Meshes.Endpoints(port.Name)),
    };

    private static string Print(NodeSnapshot snapshot) => string.Join('\n', snapshot.Tables
        .SelectMany(t => t.Resources.Values)
        .Select(r => $"{r.Key} {r.Version} {r.OnDemand} {r.Origins} {Convert.ToHexString(r.Wire.Span)}")
        .Order(StringComparer.Ordinal));
}
