// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Status;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Tests.Status;

/// <summary>What is told of a node beside its conditions.</summary>
internal sealed class NodeStatusTests
{
    private static readonly DateTime Noon = new(2026, 11, 26, 12, 0, 0, DateTimeKind.Utc);

    [Test]
    public void Node_without_trouble_has_a_status_too()
    {
        var status = NodeStatusReporter.Report(Proxy(), Snapshot(7))!;

        Assert.That(status.Scopes[0].Conditions[2].Status, Is.EqualTo(Mesh.Crds.V1Alpha1.ConditionStatus.True));
        Assert.That(status.Proxies, Is.EqualTo(new ProxySummary(1, 1, 0)));
        Assert.That(status.Node, Is.EqualTo(new NodeState
        {
            ProxyVersion = "1.40.0",
            Capture = null,
            Zone = "",
            Workloads = 0,
            ConfigVersion = Snapshot(7).ConfigVersion(),
            IsCurrent = true,
            RejectedCount = 0,
            Rejected = [],
        }));
    }

    [Test]
    public void Application_without_a_proxy_is_no_node()
    {
        Assert.That(NodeStatusReporter.Report(Proxy() with { IsProxyless = true }, Snapshot(7)), Is.Null);
    }

    [TestCase(7, 7, ExpectedResult = true)]
    [TestCase(6, 7, ExpectedResult = false)]
    public bool Proxy_is_current_when_it_was_sent_all_that_its_node_was_given(long sent, long given) =>
        NodeStatusReporter.Report(Proxy() with { SentRevision = new Revision(sent) }, Snapshot(given))!.Node!.IsCurrent;

    [Test]
    public void Refusals_are_listed_up_to_a_number_and_a_length()
    {
        var rejected = Enumerable.Range(0, 12).ToImmutableDictionary(
            i => new ResourceKey(ResourceType.Cluster, $"{(char)('a' + i)}{new string('x', 300)}"),
            _ => new RejectedResource("v", Origins.None, Origins.None, new string('m', 600)));

        var node = NodeStatusReporter.Report(Proxy() with { Rejected = rejected }, Snapshot(7))!.Node!;

        Assert.That(node.RejectedCount, Is.EqualTo(12));
        Assert.That(node.Rejected, Has.Count.EqualTo(10));
        Assert.That(node.Rejected.Select(one => (one.Resource.Length, one.Message.Length, one.Reason)), Is.All.EqualTo((258, 514, "RejectedByProxy")));
        Assert.That(node.Rejected[0].Resource, Does.StartWith("Cluster ax"));
    }

    [Test]
    public void Refusal_that_a_policy_is_to_blame_for_is_the_nodes_trouble_as_well()
    {
        var culprit = Origins.Of(new ResourceRef("TrafficPolicy", "shop", "cart", 2));
        var rejected = ImmutableDictionary<ResourceKey, RejectedResource>.Empty.Add(
            new ResourceKey(ResourceType.Route, "r/shop/cart:80"), new RejectedResource("v", culprit, culprit, "no"));

        var status = NodeStatusReporter.Report(Proxy() with { Rejected = rejected }, Snapshot(7))!;

        Assert.That(status.Scopes[0].Conditions[2].Message, Is.EqualTo("The proxy refused 1 resources that stem from policies or routes, which say so."));
    }

    [Test]
    public void Config_version_is_that_of_the_content()
    {
        var key = new ResourceKey(ResourceType.Cluster, "c");

        Assert.That(Snapshot(8, Resource(key, 5)).ConfigVersion(), Is.EqualTo(Snapshot(9, Resource(key, 5)).ConfigVersion()).And.Length.EqualTo(16));
        Assert.That(Snapshot(8, Resource(key, 6)).ConfigVersion(), Is.Not.EqualTo(Snapshot(8, Resource(key, 5)).ConfigVersion()));
    }

    [Test]
    public void Progress_tells_when_a_configuration_was_acknowledged_first()
    {
        var one = NodeProgress.Of(State("v1", isCurrent: true), previous: null, Noon);
        var still = NodeProgress.Of(State("v1", isCurrent: true), one, Noon.AddMinutes(1));
        var pending = NodeProgress.Of(State("v2", isCurrent: false), still, Noon.AddMinutes(2));
        var longer = NodeProgress.Of(State("v3", isCurrent: false), pending, Noon.AddMinutes(3));
        var done = NodeProgress.Of(State("v3", isCurrent: true), longer, Noon.AddMinutes(4));

        Assert.That(still, Is.EqualTo(new NodeProgress("v1", Noon, PendingSince: null)));
        Assert.That(longer, Is.EqualTo(new NodeProgress("v1", Noon, Noon.AddMinutes(2))));
        Assert.That(done, Is.EqualTo(new NodeProgress("v3", Noon.AddMinutes(4), PendingSince: null)));
    }

    private static NodeState State(string version, bool isCurrent) => new()
    {
        ProxyVersion = "1.40.0",
        Capture = null,
        Zone = "",
        Workloads = 0,
        ConfigVersion = version,
        IsCurrent = isCurrent,
        RejectedCount = 0,
        Rejected = [],
    };

    private static ProxyState Proxy() => new()
    {
        Node = new NodeName("n1"),
        StreamId = 1,
        ProxyVersion = "1.40.0",
        Accepted = AcceptedResources.None,
        Rejected = ImmutableDictionary<ResourceKey, RejectedResource>.Empty,
        Pending = PendingResources.None,
        SentRevision = new Revision(7),
    };

    private static NodeSnapshot Snapshot(long revision, params EncodedResource[] clusters) => new()
    {
        Node = new NodeName("n1"),
        Revision = new Revision(revision),
        Tables =
        [
            .. Enum.GetValues<ResourceType>().Order().Select(type => type == ResourceType.Cluster ? ResourceTable.Empty.With(clusters, []) : ResourceTable.Empty),
        ],
    };

    private static EncodedResource Resource(ResourceKey key, int hash) => new()
    {
        Key = key,
        Version = $"v{hash}",
        Wire = ReadOnlyMemory<byte>.Empty,
        Bare = ReadOnlyMemory<byte>.Empty,
        Hash = (UInt128)hash,
        Origins = Origins.None,
        OnDemand = false,
        References = [],
        Message = new Envoy.Config.Cluster.V3.Cluster(),
    };
}
