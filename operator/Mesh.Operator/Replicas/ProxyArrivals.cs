// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Xds.Acks;

namespace Mesh.Operator.Replicas;

/// <summary>When each of this replica's own streams was seen first.</summary>
internal sealed class ProxyArrivals
{
    private Dictionary<long, Arrival> streams = [];

    /// <returns>Nodes that had a stream and have none any more.</returns>
    public List<NodeName> Update(ImmutableArray<ProxyState> proxies, TimeSpan now)
    {
        var current = proxies.ToDictionary(
            static proxy => proxy.StreamId,
            proxy => streams.GetValueOrDefault(proxy.StreamId) ?? new Arrival(proxy.IsProxyless ? null : proxy.Node, now));
        var nodes = current.Values.Select(static arrival => arrival.Node).ToHashSet();
        var left = streams.Values.Select(static arrival => arrival.Node).OfType<NodeName>().Where(node => !nodes.Contains(node)).ToList();
        streams = current;
        return left;
    }

    public TimeSpan Since(ProxyState proxy) => streams[proxy.StreamId].Since;

    /// <param name="Node">Null for an application without a proxy.</param>
    /// <param name="Since">When it came.</param>
    private sealed record Arrival(NodeName? Node, TimeSpan Since);
}
