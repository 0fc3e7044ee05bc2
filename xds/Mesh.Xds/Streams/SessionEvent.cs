// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What may happen to a stream.</summary>
/// <typeparam name="TRequest">What the proxy sends in this variant of the protocol.</typeparam>
internal abstract record SessionEvent<TRequest>
{
    private SessionEvent()
    {
    }

    public abstract T Match<T>(Func<TRequest, T> request, Func<NodeSnapshot, T> published, Func<T> retry);

    /// <summary>The proxy subscribes, unsubscribes, acknowledges or refuses.</summary>
    public sealed record Request(TRequest Message) : SessionEvent<TRequest>
    {
        public override T Match<T>(Func<TRequest, T> request, Func<NodeSnapshot, T> published, Func<T> retry) => request(Message);
    }

    /// <summary>There is a newer snapshot.</summary>
    public sealed record Published(NodeSnapshot Snapshot) : SessionEvent<TRequest>
    {
        public override T Match<T>(Func<TRequest, T> request, Func<NodeSnapshot, T> published, Func<T> retry) => published(Snapshot);
    }

    /// <summary>The time that the session asked for has passed.</summary>
    public sealed record Retry : SessionEvent<TRequest>
    {
        public override T Match<T>(Func<TRequest, T> request, Func<NodeSnapshot, T> published, Func<T> retry) => retry();
    }
}
