// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.Collections;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>One type of a delta stream: what is wanted, what the proxy has, and what follows from the difference.</summary>
internal sealed class TypeSession
{
    // Where more was sent before this type was asked for, all that it is asked for is owed.
    private const int MostSentBefore = 16;

    private static readonly Dictionary<string, string> NothingReported = new(StringComparer.Ordinal);

    private readonly ResourceType type;
    private readonly AckBook book;
    private readonly Outbox outbox;
    private readonly Subscription subscription = new();
    private readonly Holdings held;
    private readonly Refusals refusals;
    private readonly TypeAnswers answers;

    // What was sent of another type before this one was asked for: what it refers to is owed.
    private readonly List<ImmutableArray<EncodedResource>> sentBefore = [];
    private bool isGreetingDue;

    public TypeSession(ResourceType type, AckBook book, Outbox outbox)
    {
        this.type = type;
        this.book = book;
        this.outbox = outbox;
        held = new Holdings(type, book, outbox, subscription);
        refusals = new Refusals(book);
        answers = new TypeAnswers(type, held, refusals);
    }

    public bool IsStarted { get; private set; }

    public Holdings Held => held;

    public int SubscribedNames => subscription.Names.Count;

    /// <summary>What follows from the proxy's answers.</summary>
    public TypeAnswers Answers => answers;

    public void Request(DeltaDiscoveryRequest request)
    {
        IDictionary<string, string> reported = IsStarted ? NothingReported : request.InitialResourceVersions;
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
            held.Forget(name);
        }

        if (change.WildcardEnded)
        {
            held.Fresh.HasWildcard = false;
            held.Special.Where(name => !subscription.IsNamed(name)).ToList().ForEach(held.Forget);
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
            held.Owed.Add(name);
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
        held.Asked.Clear();
        held.Owed.Clear();
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

    /// <summary>Shows the ledger what is known without notes.</summary>
    public void Show()
    {
        if (IsStarted && held.Table is { } table)
        {
            book.See(type, table, subscription, outbox.Open(type));
        }
    }

    /// <summary>Whether the proxy has a resource that it should not have any longer.</summary>
    public bool IsToRemove(string name) => held.Find(name)?.Sent is not null && held.Wanted(name) is null;

    public void Remove(IReadOnlyList<string> names) => held.SendRemoved(names);

    // Clusters, listeners and scopes exist without being named by anything; a first request without names asks for all. The others are
    // always named, and an Envoy without any of them would get everything if its empty request were taken for a wildcard.
    private bool HasLegacyWildcard => type is ResourceType.Cluster or ResourceType.Listener or ResourceType.ScopedRoute;

    private static IEnumerable<string> NamesIn(ImmutableArray<EncodedResource> referring) => referring
        .SelectMany(static resource => resource.References)
        .Where(static reference => reference.Type == ResourceType.Endpoint)
        .Select(static reference => reference.Name);

    // The proxy cannot know whether the wildcard covers a name that it drops: it is told, by the resource or by its removal.
    private void AskWhatLeaves(RepeatedField<string> dropped)
    {
        foreach (var name in subscription.IsWildcard ? dropped : [])
        {
            if (subscription.IsNamed(name) && held.Find(name) is not null)
            {
                held.Asked.Add(name);
                held.Due.Add(name);
            }
        }
    }

    private void Ask(RepeatedField<string> names, IDictionary<string, string> reported)
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
                held.Asked.Add(name);
                held.Due.Add(name);
            }
        }
    }

    // The proxy comes back and says what it has: what is as it should be needs no note and no message.
    private void Resume(IDictionary<string, string> reported, bool hasWildcard)
    {
        var isAllOwed = sentBefore.Count > MostSentBefore;
        var mustFollow = sentBefore.SelectMany(NamesIn).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, version) in reported)
        {
            var isOwed = isAllOwed || mustFollow.Contains(name);
            if (isOwed || held.Wanted(name)?.Version != version)
            {
                held.Report(name, version);
                _ = isOwed && held.Owed.Add(name);
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
            held.Due.Add(name);
            return true;
        }

        if (!refusals.IsRefused(resource) && held.OpenWith(name) is null)
        {
            return false;
        }

        held.HoldNothing(name);
        held.Asked.Add(name);
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
            Withdraw(name, resource, item, round);
        }
    }

    private void Offer(EncodedResource resource, HeldResource item, Round round)
    {
        var name = resource.Key.Name;
        var isAsked = held.Asked.Contains(name);
        if (item.Reported)
        {
            item.Reported = false;
            if (item.Sent == resource.Version)
            {
                (item.Good, item.Latest, isAsked) = (resource, resource, false);
            }
        }

        var isForced = isAsked || held.Owed.Contains(name);
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

    private void Withdraw(string name, EncodedResource? resource, HeldResource item, Round round)
    {
        refusals.Withdrawn(new ResourceKey(type, name), resource);
        item.Queued = null;
        if (item.Sent is not null)
        {
            item.Reported = false;
            round.Remove.Add(name);
        }
        else if (!subscription.IsNamed(name))
        {
            if (item.Open == 0)
            {
                held.Forget(name);
            }
        }
        else if (held.Asked.Contains(name) || !item.IsToldAbsent)
        {
            round.Absent.Add(name);
        }
        else
        {
            held.Settle(name, item);
        }
    }
}
