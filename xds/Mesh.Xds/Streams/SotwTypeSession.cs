// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// One type of a state-of-the-world stream. One response at a time is under way: the next one is made of the newest state when that is
/// answered, so that a slow proxy skips what is in between, and a refusal is about one set of changes.
/// </summary>
internal sealed class SotwTypeSession
{
    private readonly ResourceType type;
    private readonly SotwStream stream;
    private readonly Subscription subscription = new();
    private readonly SotwHoldings held = new();
    private readonly Refusals refusals;

    // Names to be compared with the table in the next push.
    private readonly SortedSet<string> due = new(StringComparer.Ordinal);

    // Names to be sent in the next push even if the proxy has them.
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    // Names that the proxy has and should no longer have, until it may be told.
    private readonly SortedSet<string> leaving = new(StringComparer.Ordinal);

    // What a refused response held beside the refused resource, to be sent group by group.
    private readonly LinkedList<(IReadOnlyList<EncodedResource> Resources, int Generation)> again = [];
    private ResourceTable? table;
    private SentResponse? underWay;
    private string lastNonce = "";
    private string reportedVersion = "";
    private bool compareAll;
    private bool isAnswerDue;

    public SotwTypeSession(ResourceType type, SotwStream stream)
    {
        this.type = type;
        this.stream = stream;
        refusals = new Refusals(stream.Book);
    }

    public bool IsStarted { get; private set; }

    /// <summary>Something is to be sent and waits for an answer.</summary>
    public bool IsBehind => IsStarted && (due.Count > 0 || again.Count > 0 || compareAll);

    /// <summary>The proxy has accepted or refused all that it should have.</summary>
    public bool IsSettled => !IsBehind && underWay is null;

    public int SubscribedNames => subscription.Names.Count;

    /// <summary>What resources that the proxy keeps because it refused their newer version refer to.</summary>
    public IEnumerable<ResourceKey> KeptReferences => refusals.Names.SelectMany(name => held.Find(name)?.References ?? []);

    // A response of these types is all that there is: what is missing in it is gone. A response of the others says nothing of what it
    // does not hold.
    private bool IsWhole => type is ResourceType.Cluster or ResourceType.Listener or ResourceType.ScopedRoute;

    public void Request(DiscoveryRequest request)
    {
        if (request.ResponseNonce.Length > 0 && lastNonce.Length > 0 && request.ResponseNonce != lastNonce)
        {
            // Stale: an answer to the response that is under way will follow, with the names as they are then.
            return;
        }

        if (underWay is { } sent && request.ResponseNonce == sent.Nonce)
        {
            underWay = null;
            Answered(sent, request.ErrorDetail?.Message);
        }

        Subscribe(request);
    }

    public void Take(ResourceTable newTable)
    {
        if (newTable.ChangesSince(table) is { } changes)
        {
            due.UnionWith(changes);
        }
        else
        {
            compareAll = true;
        }

        table = newTable;
    }

    /// <summary>The named one has to follow something that was sent, though it may not have changed.</summary>
    public void Owe(string name)
    {
        if (subscription.IsNamed(name))
        {
            Ask(name);
        }
    }

    /// <summary>Sends what is due, unless an answer is awaited.</summary>
    /// <param name="mayChange">Otherwise only what the proxy asks for: what has changed names what it does not have yet.</param>
    /// <returns>What was sent anew.</returns>
    public IReadOnlyList<EncodedResource> Push(bool mayChange)
    {
        if (table is null || !IsStarted || underWay is not null)
        {
            return [];
        }

        if (NextGroup() is { } group)
        {
            return Send(group.Resources, group.Generation);
        }

        var fresh = Compare(table, mayChange || isAnswerDue);
        var isDue = isAnswerDue || (IsWhole && type != ResourceType.Cluster && leaving.Count > 0);
        if (isAnswerDue && reportedVersion == SotwOutbox.Text(held.VersionWith(fresh)))
        {
            // It comes back with all that it should have.
            fresh.ForEach(Accept);
            (isAnswerDue, fresh, isDue) = (false, [], false);
        }

        if (fresh.Count == 0 && !isDue)
        {
            return [];
        }

        if (type != ResourceType.Cluster)
        {
            RemoveLeaving(new HashSet<ResourceKey>());
        }

        return Send(fresh, generation: 0);
    }

    /// <summary>Sends the whole without what is no longer wanted, but for what is still referred to.</summary>
    public void Remove(IReadOnlySet<ResourceKey> kept)
    {
        if (underWay is null && leaving.Count > 0 && RemoveLeaving(kept))
        {
            Send([], generation: 0);
        }
    }

    private void Subscribe(DiscoveryRequest request)
    {
        var change = subscription.Replace(request.ResourceNames, IsWhole);
        foreach (var name in change.Dropped.Where(_ => !subscription.IsWildcard))
        {
            Forget(name);
        }

        foreach (var name in change.Asked)
        {
            Ask(name);
        }

        if (change.WildcardEnded)
        {
            foreach (var name in held.Names.Where(name => !subscription.IsNamed(name)).ToArray())
            {
                Forget(name);
            }
        }

        compareAll |= change.WildcardBegan;
        isAnswerDue |= change.WildcardBegan || (!IsStarted && change.Asked.Count > 0);
        reportedVersion = IsStarted ? "" : request.VersionInfo;
        IsStarted = true;
    }

    private List<EncodedResource> Compare(ResourceTable newest, bool all)
    {
        if (compareAll && all)
        {
            due.UnionWith(held.Names);
            due.UnionWith(subscription.Names);
            due.UnionWith(subscription.IsWildcard ? newest.Resources.Keys : []);
            compareAll = false;
        }

        var fresh = new List<EncodedResource>();
        var size = 0;
        foreach (var name in due.Where(name => all || asked.Contains(name)).ToArray())
        {
            if (!IsWhole && size > stream.Limits.ResponseBytes)
            {
                break;
            }

            due.Remove(name);
            if (Offer(name, newest.Find(name)) is { } resource)
            {
                fresh.Add(resource);
                size += resource.Bare.Length;
            }

            asked.Remove(name);
        }

        return fresh;
    }

    private EncodedResource? Offer(string name, EncodedResource? resource)
    {
        if (resource is null || !subscription.Covers(name, resource.OnDemand))
        {
            Withdraw(name, resource);
            return null;
        }

        leaving.Remove(name);
        var has = held.Find(name);
        if (refusals.IsRefused(resource))
        {
            // What was refused is not sent again; what the proxy accepted before it is, where an answer is due.
            refusals.StillRefused(resource);
            return asked.Contains(name) ? has : null;
        }

        if (has?.Version != resource.Version || asked.Contains(name))
        {
            return resource;
        }

        Accept(resource);
        return null;
    }

    private void Withdraw(string name, EncodedResource? resource)
    {
        refusals.Withdrawn(new ResourceKey(type, name), resource);
        if (held.Find(name) is null)
        {
            return;
        }

        if (IsWhole)
        {
            leaving.Add(name);
        }
        else
        {
            Gone(name);
        }
    }

    private bool RemoveLeaving(IReadOnlySet<ResourceKey> kept)
    {
        var names = leaving.Where(name => !kept.Contains(new ResourceKey(type, name))).ToList();
        names.ForEach(Gone);
        leaving.ExceptWith(names);
        return names.Count > 0;
    }

    private (IReadOnlyList<EncodedResource> Resources, int Generation)? NextGroup()
    {
        while (again.First?.Value is { } group)
        {
            again.RemoveFirst();
            var rest = group.Resources.Where(resource => Wanted(resource.Key.Name)?.Version == resource.Version).ToList();
            if (rest.Count > 0)
            {
                return (rest, group.Generation);
            }
        }

        return null;
    }

    private IReadOnlyList<EncodedResource> Send(IReadOnlyList<EncodedResource> fresh, int generation)
    {
        isAnswerDue = false;
        var (sequence, nonce) = stream.Outbox.Send(type.TypeUrl(), held.VersionWith(fresh), IsWhole ? held.With(fresh) : [.. fresh]);
        lastNonce = nonce;
        underWay = new SentResponse
        {
            Type = type,
            Sequence = sequence,
            Nonce = nonce,
            Resources = [.. fresh],
            Removed = [],
            OriginalCount = fresh.Count,
            Generation = generation,
        };
        foreach (var resource in fresh)
        {
            stream.Book.Sent(resource.Key);
        }

        return fresh;
    }

    private void Answered(SentResponse sent, string? refusal)
    {
        foreach (var resource in sent.Resources)
        {
            stream.Book.Answered(resource.Key);
        }

        if (refusal is null)
        {
            refusals.Accepted();
            foreach (var resource in sent.Resources.Where(resource => subscription.Covers(resource.Key.Name, resource.OnDemand)))
            {
                Accept(resource);
            }

            return;
        }

        var verdict = refusals.Judge(sent, refusal);
        foreach (var resource in verdict.Refused)
        {
            if (Wanted(resource.Key.Name) is { } wanted)
            {
                refusals.Add(wanted.Version == resource.Version ? wanted : resource, refusal);
            }
        }

        foreach (var group in verdict.SendAgain.Reverse().Where(static group => group.Count > 0))
        {
            again.AddFirst((group, sent.Generation + 1));
        }
    }

    private void Accept(EncodedResource resource)
    {
        held.Put(resource);
        var wanted = Wanted(resource.Key.Name);
        var isWanted = wanted?.Version == resource.Version;
        stream.Book.Accept(isWanted ? wanted! : resource, isWanted); // isWanted says that there is one.
        if (wanted is null)
        {
            due.Add(resource.Key.Name);
        }
    }

    private EncodedResource? Wanted(string name) =>
        table?.Find(name) is { } resource && subscription.Covers(name, resource.OnDemand) ? resource : null;

    private void Ask(string name)
    {
        asked.Add(name);
        due.Add(name);
    }

    private void Gone(string name)
    {
        held.Remove(name);
        stream.Book.Gone(new ResourceKey(type, name));
    }

    private void Forget(string name)
    {
        var key = new ResourceKey(type, name);
        Gone(name);
        due.Remove(name);
        asked.Remove(name);
        leaving.Remove(name);
        stream.Book.Answered(key);
        refusals.Unsubscribed(key);
    }
}

/// <param name="Outbox">Sends.</param>
/// <param name="Book">Told what is under way, accepted and refused.</param>
/// <param name="Limits">What the stream may cost.</param>
internal sealed record SotwStream(SotwOutbox Outbox, AckBook Book, SessionLimits Limits);
