// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Collections.ObjectModel;
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
    private readonly ProbeQueue probes = new();

    // Names to be answered in the next push even if the proxy has them.
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    // Names to be sent in the next push, or when they are subscribed to, even if the proxy has them.
    private readonly HashSet<string> owed = new(StringComparer.Ordinal);

    // What was sent of another type before this one was asked for: what it refers to is owed. Where there is more, all is.
    private const int MostSentBefore = 16;
    private readonly List<ImmutableArray<EncodedResource>> sentBefore = [];
    private static readonly ReadOnlyDictionary<string, string> NothingReported = new(new Dictionary<string, string>());

    private bool isGreetingDue;

    public TypeSession(ResourceType type, AckBook book, Outbox outbox)
    {
        this.type = type;
        this.book = book;
        this.outbox = outbox;
        held = new Holdings(type, book, outbox, subscription);
        refusals = new Refusals(book);
    }

    public bool IsStarted { get; private set; }

    public Holdings Held => held;

    public int SubscribedNames => subscription.Names.Count;

    /// <summary>Resources of a refused response wait for their turn to be sent again.</summary>
    public bool IsProbing => !probes.IsEmpty;

    public void Request(DeltaDiscoveryRequest request)
    {
        IReadOnlyDictionary<string, string> reported =
            IsStarted || request.InitialResourceVersions.Count == 0 ? NothingReported : new ReadOnlyDictionary<string, string>(request.InitialResourceVersions);
        IsStarted = true;

        // Both look at what the proxy has by the subscription that it had.
        AskWhatLeaves(request.ResourceNamesUnsubscribe);
        Ask(request.ResourceNamesSubscribe, reported);
        var change = subscription.Apply(request.ResourceNamesSubscribe, request.ResourceNamesUnsubscribe, HasLegacyWildcard);
        if (reported.Count > 0)
        {
            Resume(reported, change.WildcardBegan);
        }
        else
        {
            held.Fresh.HasWildcard |= change.WildcardBegan;
        }

        sentBefore.Clear();
        isGreetingDue |= change.WildcardBegan && reported.Count == 0;
        foreach (var name in subscription.IsWildcard ? [] : change.Dropped)
        {
            Forget(name);
        }

        if (change.WildcardEnded)
        {
            held.Fresh.HasWildcard = false;
            held.Special.Where(name => !subscription.IsNamed(name)).ToList().ForEach(Forget);
        }
    }

    public void Take(ResourceTable newTable)
    {
        if (ReferenceEquals(held.Table, newTable))
        {
            return;
        }

        if (held.Table is { } table)
        {
            foreach (var name in newTable.ChangesSince(table) ?? newTable.DifferencesFrom(table))
            {
                Change(name, table.Find(name), newTable.Find(name));
            }
        }
        else
        {
            held.Due.UnionWith(held.Special);
        }

        held.Table = newTable;
    }

    /// <summary>What these refer to has to follow them, though it may not have changed.</summary>
    public void Owe(ImmutableArray<EncodedResource> referring)
    {
        if (!IsStarted)
        {
            if (sentBefore.Count <= MostSentBefore)
            {
                sentBefore.Add(referring);
            }

            return;
        }

        if (SubscribedNames == 0 && !subscription.IsWildcard)
        {
            return;
        }

        foreach (var name in NamesIn(referring).Where(held.IsHeld))
        {
            held.Hold(name);
            owed.Add(name);
            held.Due.Add(name);
        }
    }

    /// <summary>Sends what is due. Removals of what the proxy has are only told of: they have to wait for other things.</summary>
    public Round Push()
    {
        if (held.Table is not { } table || !IsStarted || (held.Due.Count == 0 && held.Fresh.IsEmpty && !isGreetingDue))
        {
            return Round.Nothing;
        }

        var round = new Round();
        var fresh = TakeFresh(table, round);

        // A copy: a name that turns out to be nobody's business is forgotten on the way.
        foreach (var name in held.Due.ToArray())
        {
            if (held.IsSpecial(name))
            {
                Compare(name, table.Find(name), round);
            }
        }

        held.Due.Clear();
        asked.Clear();
        owed.Clear();
        round.Join(fresh);
        held.Send(round.Sent, generation: 0);
        held.SendRemoved(round.Absent);
        if (isGreetingDue && round.Sent.IsEmpty && round.Absent.Count == 0)
        {
            outbox.SendEmpty(type);
        }

        isGreetingDue = false;
        return round;
    }

    /// <summary>Sends the next part of what a refused response held, when the one before is answered.</summary>
    public ImmutableArray<EncodedResource> SendProbe()
    {
        while (probes.Next(outbox.Open(type)) is { } probe)
        {
            var rest = probe.Resources.RemoveAll(resource => !IsQueued(resource));
            if (!rest.IsEmpty)
            {
                Requeue(rest, queued: false);
                held.Send(rest, probe.Generation);
                probes.WaitFor(outbox.LastSequence);
                return rest;
            }
        }

        return [];
    }

    /// <summary>Shows the ledger what is known without notes.</summary>
    public void Show()
    {
        if (IsStarted && held.Table is { } table)
        {
            book.See(type, table, subscription, outbox.Open(type));
        }
    }

    /// <summary>Whether the proxy has a resource that it should not have any longer.</summary>
    public bool IsToRemove(string name) => held.Find(name)?.Sent is not null && Wanted(name) is null;

    public void Remove(IReadOnlyList<string> names) => held.SendRemoved(names);

    public void Accepted(SentResponse sent)
    {
        outbox.Close(sent);
        refusals.Accepted();
        if (held.Special.Count == 0)
        {
            return;
        }

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
    public ImmutableArray<EncodedResource> Refused(SentResponse sent, string message)
    {
        foreach (var resource in sent.Resources)
        {
            // Written down while the response is open, for from that it is known.
            held.Find(resource.Key.Name);
        }

        outbox.Close(sent);
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

        foreach (var probe in verdict.IsHopeless ? probes.TakeAll() : [])
        {
            probe.Resources.Where(IsQueued).ToList().ForEach(resource => Refuse(resource, probe.Sequence, message));
        }

        return SendAgain(verdict, sent);
    }

    // Clusters, listeners and scopes exist without being named by anything; a first request without names asks for all. The others are
    // always named, and an Envoy without any of them would get everything if its empty request were taken for a wildcard.
    private bool HasLegacyWildcard => type is ResourceType.Cluster or ResourceType.Listener or ResourceType.ScopedRoute;

    private EncodedResource? Wanted(string name) =>
        held.Table?.Find(name) is { } resource && subscription.Covers(name, resource.OnDemand) ? resource : null;

    private static IEnumerable<string> NamesIn(ImmutableArray<EncodedResource> referring) => referring
        .SelectMany(static resource => resource.References)
        .Where(static reference => reference.Type == ResourceType.Endpoint)
        .Select(static reference => reference.Name);

    // The proxy cannot know whether the wildcard covers a name that it drops: it is told, by the resource or by its removal.
    private void AskWhatLeaves(IReadOnlyCollection<string> dropped)
    {
        foreach (var name in subscription.IsWildcard ? dropped : [])
        {
            if (subscription.IsNamed(name) && held.Find(name) is not null)
            {
                asked.Add(name);
                held.Due.Add(name);
            }
        }
    }

    private void Ask(IReadOnlyCollection<string> names, IReadOnlyDictionary<string, string> reported)
    {
        var isNothingKnown = subscription.Names.Count == 0 && !subscription.IsWildcard && held.Special.Count == 0;
        if (isNothingKnown)
        {
            held.Fresh.MakeRoom(names.Count);
        }

        foreach (var name in names)
        {
            if (name == Subscription.Wildcard || reported.ContainsKey(name))
            {
                continue;
            }

            if (isNothingKnown || held.Find(name) is null)
            {
                held.Fresh.Add(name);
            }
            else
            {
                asked.Add(name);
                held.Due.Add(name);
            }
        }
    }

    // The proxy comes back and says what it has: what is as it should be needs no note and no message.
    private void Resume(IReadOnlyDictionary<string, string> reported, bool hasWildcard)
    {
        var isAllOwed = sentBefore.Count > MostSentBefore;
        var mustFollow = sentBefore.SelectMany(NamesIn).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, version) in reported)
        {
            var isOwed = isAllOwed || mustFollow.Contains(name);
            if (isOwed || Wanted(name)?.Version != version)
            {
                held.Report(name, version);
                _ = isOwed && owed.Add(name);
            }
        }

        if (hasWildcard && held.Table is { } table)
        {
            table.ForEverybody.Select(static resource => resource.Key.Name).Where(name => !reported.ContainsKey(name)).ToList().ForEach(held.Fresh.Add);
        }
        else
        {
            held.Fresh.HasWildcard |= hasWildcard;
        }
    }

    private void Change(string name, EncodedResource? before, EncodedResource? now)
    {
        if (held.IsSpecial(name))
        {
            held.Due.Add(name);
            return;
        }

        if (before?.Version == now?.Version && before?.OnDemand == now?.OnDemand)
        {
            return;
        }

        if (held.IsHeld(name))
        {
            held.Hold(name);
            held.Due.Add(name);
        }
        else if (now is not null && subscription.Covers(name, now.OnDemand))
        {
            held.Fresh.Add(now.Key.Name);
        }
    }

    // What the proxy has nothing of, in bulk and without notes, but for what there is more to say of.
    private ImmutableArray<EncodedResource> TakeFresh(ResourceTable table, Round round)
    {
        if (held.Fresh.IsEmpty)
        {
            return [];
        }

        round.Absent.AddRange(held.Fresh.Missing(table));
        var found = held.Fresh.In(table);
        held.Fresh.Clear();
        return held.Special.Count == 0 && refusals.Names.Count == 0 && outbox.Open(type).IsEmpty ? found : found.RemoveAll(IsSpecial);
    }

    private bool IsSpecial(EncodedResource resource)
    {
        var name = resource.Key.Name;
        if (held.IsSpecial(name))
        {
            return true;
        }

        if (!refusals.IsRefused(resource) && held.OpenWith(name) is null)
        {
            return false;
        }

        held.HoldNothing(name);
        asked.Add(name);
        held.Due.Add(name);
        return true;
    }

    private void Compare(string name, EncodedResource? resource, Round round)
    {
        if (held.Find(name) is not { } item)
        {
            return;
        }

        if (resource is not null && subscription.Covers(name, resource.OnDemand))
        {
            Offer(resource, item, round);
        }
        else
        {
            Withdraw(name, resource, round);
        }
    }

    private void Offer(EncodedResource resource, HeldResource item, Round round)
    {
        var name = resource.Key.Name;
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
        else if (isForced || (item.Sent != resource.Version && item.Queued?.Version != resource.Version))
        {
            item.Queued = null;
            round.Send.Add(resource);
        }
        else if (item.Open == 0 && item.Queued is null)
        {
            book.Accept(resource, isWanted: true);
            held.Settle(name, item);
        }
    }

    // What was refused is not sent again; what the proxy accepted before it is, where an answer is due.
    private void OfferRefused(EncodedResource resource, HeldResource item, bool isForced, Round round)
    {
        item.Queued = null;
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
        refusals.Withdrawn(new ResourceKey(type, name), resource);
        var item = held.Find(name);
        if (item is not null)
        {
            item.Queued = null;
        }

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
            else
            {
                held.Settle(name, item);
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

        item.Queued = null;
        var isLatest = item.IsLatest(sequence);
        held.Answer(item, sequence, resource.Key);
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

    private ImmutableArray<EncodedResource> SendAgain(Verdict verdict, SentResponse sent)
    {
        var again = ImmutableArray<EncodedResource>.Empty;
        foreach (var group in verdict.SendAgain)
        {
            var rest = StillDue(group, sent.Sequence);
            held.Send(rest, sent.Generation + 1);
            again = again.AddRange(rest);
        }

        foreach (var group in verdict.Probes)
        {
            var rest = StillDue(group, sent.Sequence);
            Requeue(rest, queued: true);
            probes.Add(new Probe(rest, sent.Generation + 1, sent.Sequence));
        }

        return again;
    }

    private ImmutableArray<EncodedResource> StillDue(ImmutableArray<EncodedResource> group, long sequence)
    {
        foreach (var resource in group.Where(resource => !IsStillDue(resource, sequence)))
        {
            held.Doubt(resource.Key, sequence);
        }

        return group.RemoveAll(resource => !IsStillDue(resource, sequence));
    }

    private bool IsStillDue(EncodedResource resource, long sequence) =>
        held.Find(resource.Key.Name)?.IsLatest(sequence) == true
        && Wanted(resource.Key.Name)?.Version == resource.Version;

    private bool IsQueued(EncodedResource resource) =>
        held.Find(resource.Key.Name)?.Queued?.Version == resource.Version
        && Wanted(resource.Key.Name)?.Version == resource.Version;

    // While it waits for its turn it is not known whether the proxy has it.
    private void Requeue(ImmutableArray<EncodedResource> resources, bool queued)
    {
        foreach (var resource in resources)
        {
            var item = held.Hold(resource.Key.Name);
            item.Queued = queued ? resource : null;
            item.Sent = HeldResource.InDoubt;
        }
    }

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
            held.Answer(item, sent.Sequence, key);
            item.Applied = sent.Sequence;
            book.Gone(key);
            if (isLatest && !subscription.IsNamed(name) && Wanted(name) is null)
            {
                Forget(name);
            }
        }
    }

    private void Forget(string name)
    {
        held.Forget(name);
        asked.Remove(name);
        owed.Remove(name);
        refusals.Unsubscribed(new ResourceKey(type, name));
    }
}
