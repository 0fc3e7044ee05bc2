// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Replicas;
using Mesh.Xds;
using Mesh.Xds.Acks;

namespace Mesh.Tests.Replicas;

/// <summary>Proxies and reports, small.</summary>
internal static class FleetScene
{
    public static ProxyState Proxy(string node, long stream, bool isProxyless = false) => new()
    {
        Node = new NodeName(node),
        IsProxyless = isProxyless,
        StreamId = stream,
        ProxyVersion = "1.40.0",
        Accepted = AcceptedResources.None,
        Rejected = ImmutableDictionary<ResourceKey, RejectedResource>.Empty,
        Pending = PendingResources.None,
        SentRevision = new Revision(1),
    };

    public static ReplicaReport Whole(string replica, params (string Node, int Seconds)[] nodes) => new()
    {
        Replica = replica,
        Roster = [.. nodes.Select(static node => new RosterReport(node.Node, IsProxyless: false, IsLoopback: false, TimeSpan.FromSeconds(node.Seconds)))],
    };
}
