// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What may happen to a stream.</summary>
internal abstract record SessionEvent
{
    private SessionEvent()
    {
    }

    public abstract T Match<T>(Func<DeltaDiscoveryRequest, T> request, Func<NodeSnapshot, T> published);

    /// <summary>The proxy subscribes, unsubscribes, acknowledges or refuses.</summary>
    public sealed record Request(DeltaDiscoveryRequest Message) : SessionEvent
    {
        public override T Match<T>(Func<DeltaDiscoveryRequest, T> request, Func<NodeSnapshot, T> published) => request(Message);
    }

    /// <summary>There is a newer snapshot.</summary>
    public sealed record Published(NodeSnapshot Snapshot) : SessionEvent
    {
        public override T Match<T>(Func<DeltaDiscoveryRequest, T> request, Func<NodeSnapshot, T> published) => published(Snapshot);
    }
}
