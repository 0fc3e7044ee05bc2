// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What the proxy of one stream has accepted and refused, as the ledger will show it.</summary>
internal sealed class AckBook(ProxyIdentity proxy, long streamId)
{
    // A refusal may hold the text form of a large resource.
    private const int MessageLength = 4096;

    private readonly ImmutableDictionary<ResourceKey, AcceptedResource>.Builder accepted =
        ImmutableDictionary.CreateBuilder<ResourceKey, AcceptedResource>();

    private readonly ImmutableDictionary<ResourceKey, RejectedResource>.Builder rejected =
        ImmutableDictionary.CreateBuilder<ResourceKey, RejectedResource>();

    private readonly ImmutableHashSet<ResourceKey>.Builder pending = ImmutableHashSet.CreateBuilder<ResourceKey>();
    private Revision sentRevision;
    private bool isChanged = true;

    public void Sent(ResourceKey key) => isChanged |= pending.Add(key);

    public void Answered(ResourceKey key) => isChanged |= pending.Remove(key);

    /// <summary>The proxy has this version.</summary>
    /// <param name="resource">The accepted resource.</param>
    /// <param name="isWanted">It is what is wanted now: no refusal of another version counts any longer. An older one ends none.</param>
    public void Accept(EncodedResource resource, bool isWanted)
    {
        var now = new AcceptedResource(resource.Version, resource.Origins);
        if (now != accepted.GetValueOrDefault(resource.Key))
        {
            accepted[resource.Key] = now;
            isChanged = true;
        }

        if (isWanted)
        {
            isChanged |= rejected.Remove(resource.Key);
        }
    }

    public void Reject(EncodedResource resource, string message)
    {
        var before = accepted.GetValueOrDefault(resource.Key)?.Origins ?? Origins.None;
        rejected[resource.Key] = new RejectedResource(
            resource.Version,
            resource.Origins,
            resource.Origins.Culprits(before),
            message.Length <= MessageLength ? message : message[..MessageLength] + "…");
        isChanged = true;
    }

    /// <summary>The refused version is still what is wanted; its origins may have changed without a change of content.</summary>
    public void StillRejected(EncodedResource resource, string message)
    {
        var old = rejected.GetValueOrDefault(resource.Key);
        if (old?.Version != resource.Version || old.Origins != resource.Origins)
        {
            Reject(resource, message);
        }
    }

    public void Withdrawn(ResourceKey key) => isChanged |= rejected.Remove(key);

    public void Gone(ResourceKey key) => isChanged |= accepted.Remove(key);

    public void Brought(Revision revision)
    {
        isChanged |= sentRevision != revision;
        sentRevision = revision;
    }

    /// <summary>The state after all that was booked, or null when it is what it was.</summary>
    public ProxyState? Take()
    {
        if (!isChanged)
        {
            return null;
        }

        isChanged = false;
        return new ProxyState
        {
            Node = proxy.Node.Name,
            IsProxyless = proxy.Node.Proxyless is not null,
            StreamId = streamId,
            ProxyVersion = proxy.ProxyVersion,
            Accepted = accepted.ToImmutable(),
            Rejected = rejected.ToImmutable(),
            Pending = pending.ToImmutable(),
            SentRevision = sentRevision,
        };
    }
}
