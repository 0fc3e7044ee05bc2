// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>One type of a delta stream: what is wanted, what the proxy has, and what follows from the difference.</summary>
internal sealed class TypeSession
{
    private readonly ResourceType type;
    private readonly AckBook book;
    private readonly Outbox outbox;
    private readonly Subscription subscription = new();
    private readonly Holdings held;
    private readonly Refusals refusals;

    // Names to be compared with the table in the next push.
    private readonly SortedSet<string> due = new(StringComparer.Ordinal);

    // Names to be answered in the next push even if the proxy has them.
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    // Names to be sent when they are subscribed to, or at once if they are, even if the proxy has them.
    private readonly HashSet<string> owed = new(StringComparer.Ordinal);
    private ResourceTable? table;
    private bool compareAll;
    private bool isGreetingDue;

    public TypeSession(ResourceType type, AckBook book, Outbox outbox)
    {
        this.type = type;
        this.book = book;
        this.outbox = outbox;
        held = new Holdings(type, book, outbox, due);
        refusals = new Refusals(book);
    }

    public bool IsStarted { get; private set; }

    public Holdings Held => held;

    public int SubscribedNames => subscription.Names.Count;

    public void Request(DeltaDiscoveryRequest request)
    {
        var change = subscription.Apply(request.ResourceNamesSubscribe, request.ResourceNamesUnsubscribe, HasLegacyWildcard);
        var reported = IsStarted ? [] : request.InitialResourceVersions;
        IsStarted = true;
        foreach (var (name, version) in reported)
        {
            var item = held.Hold(name);
            (item.Sent, item.Confirmed, item.Reported) = (version, version, true);
            due.Add(name);
        }

        foreach (var name in change.Dropped)
        {
            Drop(name);
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
        isGreetingDue |= change.WildcardBegan && reported.Count == 0;
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
        owed.Add(name);
        if (held.Find(name) is not null)
        {
            due.Add(name);
        }
    }

    /// <summary>Sends what is due. Removals of what the proxy has are only told of: they have to wait for other things.</summary>
    public Round Push()
    {
        var round = new Round();
        if (table is null || !IsStarted)
        {
            return round;
        }

        if (compareAll)
        {
            due.UnionWith(held.Names);
            due.UnionWith(subscription.Names);
            due.UnionWith(subscription.IsWildcard ? table.Resources.Keys : []);
        }

        // A copy: a name that turns out to be nobody's business is forgotten on the way.
        foreach (var name in due.ToArray())
        {
            Compare(name, table.Find(name), round);
        }

        compareAll = false;
        due.Clear();
        asked.Clear();
        Send(round.Send, generation: 0);
        held.SendRemoved(round.Absent);
        if (isGreetingDue && round.Send.Count + round.Absent.Count == 0)
        {
            outbox.SendEmpty(type);
        }

        isGreetingDue = false;
        return round;
    }

    /// <summary>Whether the proxy has a resource that it should not have any longer.</summary>
    public bool IsToRemove(string name) => held.Find(name)?.Sent is not null && Wanted(name) is null;

    public void Remove(IReadOnlyList<string> names) => held.SendRemoved(names);

    public void Accepted(SentResponse sent)
    {
        refusals.Accepted();
        foreach (var resource in sent.Resources)
        {
            var name = resource.Key.Name;
            if (held.Close(name, sent.Sequence) is not { } item || !item.CanAccept(sent.Sequence))
            {
                continue;
            }

            var wanted = Wanted(name);
            var isWanted = wanted?.Version == resource.Version;
            held.Confirm(item, sent.Sequence, resource);
            book.Accept(isWanted ? wanted! : resource, isWanted); // isWanted says that there is one.
        }

        Removed(sent);
    }

    /// <summary>Books a refusal, and sends again what may have been dropped with the refused one.</summary>
    public IReadOnlyList<EncodedResource> Refused(SentResponse sent, string message)
    {
        Removed(sent);
        foreach (var resource in sent.Resources)
        {
            held.Close(resource.Key.Name, sent.Sequence);
        }

        var verdict = refusals.Judge(sent, message);
        foreach (var resource in verdict.Refused)
        {
            Refuse(resource, sent.Sequence, message);
        }

        var again = new List<EncodedResource>();
        foreach (var group in verdict.SendAgain)
        {
            foreach (var resource in group.Where(resource => !IsStillDue(resource, sent.Sequence)))
            {
                held.Doubt(resource.Key, sent.Sequence);
            }

            var rest = group.Where(resource => IsStillDue(resource, sent.Sequence)).ToList();
            Send(rest, sent.Generation + 1);
            again.AddRange(rest);
        }

        return again;
    }

    // Clusters, listeners and scopes exist without being named by anything; a first request without names asks for all. The others are
    // always named, and an Envoy without any of them would get everything if its empty request were taken for a wildcard.
    private bool HasLegacyWildcard => type is ResourceType.Cluster or ResourceType.Listener or ResourceType.ScopedRoute;

    private EncodedResource? Wanted(string name) =>
        table?.Find(name) is { } resource && subscription.Covers(name, resource.OnDemand) ? resource : null;

    private void Ask(string name)
    {
        asked.Add(name);
        due.Add(name);
    }

    private void Drop(string name)
    {
        if (subscription.IsWildcard)
        {
            // The proxy cannot know whether the wildcard covers it: it is told, by the resource or by its removal.
            Ask(name);
        }
        else
        {
            Forget(name);
        }
    }

    private void Compare(string name, EncodedResource? resource, Round round)
    {
        if (resource is not null && subscription.Covers(name, resource.OnDemand))
        {
            Offer(resource, round);
        }
        else
        {
            Withdraw(name, resource, round);
        }
    }

    private void Offer(EncodedResource resource, Round round)
    {
        var name = resource.Key.Name;
        var item = held.Hold(name);
        var isAsked = asked.Contains(name);
        if (item.Reported)
        {
            item.Reported = false;
            if (item.Sent == resource.Version)
            {
                (item.Good, item.Latest, isAsked) = (resource, resource, false);
            }
        }

        var isForced = isAsked || owed.Contains(name);
        if (refusals.IsRefused(resource))
        {
            OfferRefused(resource, item, isForced, round);
        }
        else if (isForced || item.Sent != resource.Version)
        {
            round.Send.Add(resource);
        }
        else if (item.Open == 0)
        {
            book.Accept(resource, isWanted: true);
        }
    }

    // What was refused is not sent again; what the proxy accepted before it is, where an answer is due.
    private void OfferRefused(EncodedResource resource, HeldResource item, bool isForced, Round round)
    {
        refusals.StillRefused(resource);
        if (isForced && item.Good is { } good)
        {
            round.Send.Add(good);
        }
        else if (isForced && item.Sent is null)
        {
            round.Absent.Add(resource.Key.Name);
        }
    }

    private void Withdraw(string name, EncodedResource? resource, Round round)
    {
        owed.Remove(name);
        refusals.Withdrawn(new ResourceKey(type, name), resource);
        var item = held.Find(name);
        if (item?.Sent is not null)
        {
            item.Reported = false;
            round.Remove.Add(name);
        }
        else if (subscription.IsNamed(name))
        {
            if (asked.Contains(name) || item is null || !item.IsToldAbsent)
            {
                round.Absent.Add(name);
            }
        }
        else if (item is { Open: 0 })
        {
            Forget(name);
        }
    }

    private void Refuse(EncodedResource resource, long sequence, string message)
    {
        var name = resource.Key.Name;
        if (held.Find(name) is not { } item || !item.CanRefuse(sequence))
        {
            return;
        }

        var isLatest = item.IsLatest(sequence);
        held.Settle(item, sequence, resource.Key);
        if (Wanted(name) is { } wanted)
        {
            refusals.Add(wanted.Version == resource.Version ? wanted : resource, message);
        }

        if (isLatest)
        {
            (item.Sent, item.Latest) = (item.Confirmed, item.Good);
            if (item.Sent is null && subscription.IsNamed(name))
            {
                // It waits for this name, and would until a time-out.
                held.SendRemoved([name]);
            }
        }
    }

    private bool IsStillDue(EncodedResource resource, long sequence) =>
        held.Find(resource.Key.Name)?.IsLatest(sequence) == true
        && Wanted(resource.Key.Name)?.Version == resource.Version;

    private void Removed(SentResponse sent)
    {
        foreach (var name in sent.Removed)
        {
            if (held.Close(name, sent.Sequence) is not { } item || !item.CanAccept(sent.Sequence))
            {
                continue;
            }

            var key = new ResourceKey(type, name);
            var isLatest = item.IsLatest(sent.Sequence);
            held.Settle(item, sent.Sequence, key);
            item.Applied = sent.Sequence;
            book.Gone(key);
            if (isLatest && !subscription.IsNamed(name) && Wanted(name) is null)
            {
                Forget(name);
            }
        }
    }

    private void Send(List<EncodedResource> resources, int generation)
    {
        held.Send(resources, generation);
        owed.ExceptWith(resources.Select(static resource => resource.Key.Name));
    }

    private void Forget(string name)
    {
        var key = new ResourceKey(type, name);
        held.Forget(name);
        due.Remove(name);
        owed.Remove(name);
        book.Gone(key);
        book.Answered(key);
        refusals.Unsubscribed(key);
    }
}

/// <summary>What one push of one type has come to.</summary>
internal sealed class Round
{
    public List<EncodedResource> Send { get; } = [];

    /// <summary>Names to which the proxy is told at once that there is nothing.</summary>
    public List<string> Absent { get; } = [];

    /// <summary>Names that the proxy has and should no longer have.</summary>
    public List<string> Remove { get; } = [];
}
