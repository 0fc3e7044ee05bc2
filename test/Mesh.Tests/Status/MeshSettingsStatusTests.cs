// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.Features;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Testing.Builders;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Tests.Status;

/// <summary>The mesh's own settings are in the listeners of redirected traffic: the status must not claim them where there are none.</summary>
internal sealed class MeshSettingsStatusTests
{
    private const string Note =
        "outboundTraffic, serviceCIDRs and podCIDRs have no effect on looped: loopback capture has no redirected traffic to which they could apply.";

    private static readonly MeshNode Looped = new(new NodeName("looped"), CaptureMode.Loopback);
    private static readonly MeshNode Redirected = new(new NodeName("redirected"), CaptureMode.Redirect);

    [Test]
    public void Mesh_settings_without_redirected_traffic_are_not_programmed()
    {
        var status = Report(new MeshSpec { OutboundTraffic = OutboundTrafficMode.Block }, Looped);

        Assert.That(status.Scopes[0].Conditions[2], Is.EqualTo(
            new ConditionState("Programmed", ConditionStatus.False, "Unenforceable", $"In force on 0/1 proxies. {Note}")));
        Assert.That(status.Proxies, Is.EqualTo(new ProxySummary(1, 0, 0)));
    }

    [Test]
    public void Mesh_settings_are_programmed_where_traffic_is_redirected_and_say_where_it_is_not()
    {
        var status = Report(new MeshSpec { OutboundTraffic = OutboundTrafficMode.Block }, Looped, Redirected);

        Assert.That(status.Scopes[0].Conditions[2], Is.EqualTo(
            new ConditionState("Programmed", ConditionStatus.True, "PartiallyProgrammed", $"In force on 1/2 proxies. {Note}")));
    }

    [Test]
    public void Mesh_settings_of_redirected_nodes_alone_are_programmed()
    {
        var status = Report(new MeshSpec { OutboundTraffic = OutboundTrafficMode.Block }, Redirected);

        Assert.That(status.Scopes[0].Conditions[2], Is.EqualTo(
            new ConditionState("Programmed", ConditionStatus.True, "Programmed", "In force on 1/1 proxies.")));
    }

    [Test]
    public void Mesh_defaults_are_programmed_and_settings_as_by_default_are_missed_by_nobody()
    {
        var defaults = new MeshDefaults { Retries = new Retries { Attempts = 1 } };

        var asByDefault = Report(new MeshSpec { Defaults = defaults }, Looped).Scopes[0].Conditions[2];
        var blocking = Report(new MeshSpec { Defaults = defaults, OutboundTraffic = OutboundTrafficMode.Block }, Looped).Scopes[0].Conditions[2];

        Assert.That(asByDefault, Is.EqualTo(
            new ConditionState("Programmed", ConditionStatus.True, "Programmed", "In force on 1/1 proxies.")));
        Assert.That(blocking, Is.EqualTo(asByDefault with { Reason = "PartiallyProgrammed", Message = $"In force on 1/1 proxies. {Note}" }));
    }

    private static ObjectStatus Report(MeshSpec spec, params MeshNode[] nodes)
    {
        var mesh = new MeshConfiguration { Metadata = Make.Metadata("default"), Spec = spec };
        var built = ModelBuilder.Build(ResourceSetBuilder.Of(mesh, Make.Service("shop/cart", "127.96.0.10", "80:http")));
        var snapshot = SnapshotBuilder.Build(built.Model, previous: null);
        NodeSnapshot[] given = [.. nodes.Select(node => SnapshotBuilder.ForNode(snapshot, node, previous: null))];
        var report = StatusReporter.Report(
            new StatusInput(built, snapshot, [.. given.Select(ThatAcceptedAll)]) { Nodes = [.. given] }, StatusMemory.Empty);
        return report.Objects[new ObjectKey("Mesh", "", "default")];
    }

    private static ProxyState ThatAcceptedAll(NodeSnapshot snapshot) => new()
    {
        Node = snapshot.Node,
        StreamId = 1,
        ProxyVersion = "1.40.0",
        Accepted = AcceptedResources.Of(snapshot.Tables.SelectMany(static table => table.Ordered)),
        Rejected = ImmutableDictionary<ResourceKey, RejectedResource>.Empty,
        Pending = PendingResources.None,
        SentRevision = snapshot.Revision,
    };
}
