// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Xds.Acks;
using Mesh.Xds.Naming;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// What the proxy of one stream has accepted and refused, as the ledger will show it. Only what is special is written down by name; the
/// rest follows from the tables (see <see cref="HeldView"/>).
/// </summary>
internal sealed class AckBook(ProxyIdentity proxy, long streamId)
{
    // A refusal may hold the text form of a large resource.
    private const int MessageLength = 4096;

    private ImmutableDictionary<ResourceKey, AcceptedResource?> noted = ImmutableDictionary<ResourceKey, AcceptedResource?>.Empty;
    private ImmutableDictionary<ResourceKey, RejectedResource> rejected = ImmutableDictionary<ResourceKey, RejectedResource>.Empty;
    private ImmutableHashSet<ResourceKey> pending = [];
    private ImmutableArray<HeldView> views = [.. ResourceTypes.PushOrder.Select(static _ => HeldView.Empty)];
    private Revision sentRevision;
    private bool isChanged = true;

    /// <summary>The proxy has accepted some response, of this stream or an earlier one.</summary>
    public bool HasAccepted { get; set; }

    public void Sent(ResourceKey key) => Set(ref pending, pending.Add(key));

    public void Answered(ResourceKey key) => Set(ref pending, pending.Remove(key));

    /// <summary>From now on only what is written down counts for this name: nothing, unless there is something already.</summary>
    public void Special(ResourceKey key)
    {
        if (!noted.ContainsKey(key))
        {
            Special(key, accepted: null);
        }
    }

    public void Special(ResourceKey key, AcceptedResource? accepted) => Set(ref noted, noted.SetItem(key, accepted));

    /// <summary>The name is no longer special.</summary>
    public void Forget(ResourceKey key)
    {
        Set(ref noted, noted.Remove(key));
        Answered(key);
    }

    /// <summary>What is known of the names of a type that are not special.</summary>
    public void See(ResourceType type, ResourceTable table, Subscription subscription, ImmutableArray<SentResponse> open)
    {
        var (old, names, isWildcard) = (views[(int)type], subscription.Names, subscription.IsWildcard);
        if (!ReferenceEquals(old.Table, table) || !ReferenceEquals(old.Names, names) || old.IsWildcard != isWildcard || old.Open != open)
        {
            views = views.SetItem((int)type, new HeldView(table, names, isWildcard, open));
            isChanged = true;
        }
    }

    /// <summary>The proxy has this version.</summary>
    /// <param name="resource">The accepted resource.</param>
    /// <param name="isWanted">It is what is wanted now: no refusal of another version counts any longer. An older one ends none.</param>
    public void Accept(EncodedResource resource, bool isWanted)
    {
        var now = new AcceptedResource(resource.Version, resource.Origins);
        if (now != noted.GetValueOrDefault(resource.Key))
        {
            Special(resource.Key, now);
        }

        if (isWanted)
        {
            Withdrawn(resource.Key);
        }
    }

    public void Reject(EncodedResource resource, string message)
    {
        var before = noted.GetValueOrDefault(resource.Key)?.Origins ?? Origins.None;
        Set(ref rejected, rejected.SetItem(resource.Key, new RejectedResource(
            resource.Version,
            resource.Origins,
            resource.Origins.Culprits(before),
            ForeignText.Line(message, MessageLength))));
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

    public void Withdrawn(ResourceKey key) => Set(ref rejected, rejected.Remove(key));

    /// <summary>The proxy has it no longer.</summary>
    public void Gone(ResourceKey key) => Special(key, accepted: null);

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
            Namespace = proxy.Namespace,
            StreamId = streamId,
            ProxyVersion = proxy.ProxyVersion,
            Accepted = new AcceptedResources(views, noted),
            Rejected = rejected,
            Pending = new PendingResources(views, noted, pending),
            SentRevision = sentRevision,
        };
    }

    private void Set<T>(ref T field, T value)
        where T : class
    {
        isChanged |= !ReferenceEquals(field, value);
        field = value;
    }
}
