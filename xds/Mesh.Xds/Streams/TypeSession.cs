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
    private TypeHeartbeats? heartbeats;
    private bool isGreetingDue;
    private bool isAnswerDue;

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

    /// <summary>So many responses wait for an answer that no more are sent.</summary>
    public bool IsFull => outbox.IsFull(type);

    /// <summary>Something is to be sent and waits for that.</summary>
    public bool IsHeldBack => IsFull && IsAnythingDue;

    /// <summary>The proxy has asked for something and was not answered yet.</summary>
    public bool IsAnswerDue => isAnswerDue;

    /// <summary>How long no heartbeat is due; null: until something else happens.</summary>
    public TimeSpan? NextHeartbeat => heartbeats?.Wait;

    /// <summary>What follows from the proxy's answers.</summary>
    public TypeAnswers Answers => answers;

    public void Request(DeltaDiscoveryRequest request)
    {
        IDictionary<string, string> reported = IsStarted ? NothingReported : request.InitialResourceVersions;
        IsStarted = true;
        isAnswerDue |= request.ResourceNamesSubscribe.Count > 0 || request.ResponseNonce.Length == 0;

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
        if (held.Table is not { } table || !IsStarted || !IsAnythingDue || IsFull)
        {
            return Round.Nothing;
        }

        var round = new Round();
        var fresh = TakeFresh(table, round);
        var comparison = new Comparison(type, held, refusals, round);

        // A copy: a name that turns out to be nobody's business is forgotten on the way.
        foreach (var name in held.Due.ToArray())
        {
            if (held.IsSpecial(name))
            {
                comparison.Compare(name, table.Find(name));
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
        isAnswerDue = false;
        return round;
    }

    /// <summary>Sends the heartbeats that are due; to come before a push.</summary>
    public void Beat() => heartbeats?.Send();

    /// <summary>Looks at what has a TTL and is at the proxy now; to come after a push.</summary>
    /// <param name="time">The clock.</param>
    public void FollowTtls(TimeProvider time)
    {
        var hasExpiring = IsStarted && held.Table is { Expiring.IsEmpty: false };
        if (heartbeats is null && !hasExpiring)
        {
            return;
        }

        heartbeats ??= new TypeHeartbeats(type, held, outbox, time);
        heartbeats.Follow();
        heartbeats = heartbeats.IsIdle && !hasExpiring ? null : heartbeats;
    }

    /// <summary>An answer to something that is not booked.</summary>
    public void AnsweredHeartbeat(string nonce, bool isRefusal) => heartbeats?.Answered(nonce, isRefusal);

    /// <summary>Shows the ledger what is known without notes. What was not sent yet has none: then the last view holds, and what was noted since.</summary>
    public void Show()
    {
        if (IsStarted && held.Fresh.IsEmpty && held.Table is { } table)
        {
            book.See(type, table, subscription, outbox.Open(type));
        }
    }

    /// <summary>Whether the proxy has a resource that it should not have any longer.</summary>
    public bool IsToRemove(string name) => held.Find(name)?.Sent is not null && held.Wanted(name) is null;

    public void Remove(IReadOnlyList<string> names) => held.SendRemoved(names);

    private bool IsAnythingDue => held.Due.Count > 0 || !held.Fresh.IsEmpty || isGreetingDue;

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
            if (!subscription.IsWildcard && !subscription.IsNamed(name))
            {
                // What it does not ask for is its own business.
                continue;
            }

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
}
