// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
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
    private readonly TypeAnswers answers;
    private readonly TypeRequests requests;
    private TypeHeartbeats? heartbeats;

    public TypeSession(ResourceType type, AckBook book, Outbox outbox)
    {
        this.type = type;
        this.book = book;
        this.outbox = outbox;
        held = new Holdings(type, book, outbox, subscription);
        refusals = new Refusals(book);
        answers = new TypeAnswers(type, held, refusals);
        requests = new TypeRequests(type, held, subscription);
    }

    public ResourceType Type => type;

    public bool IsStarted => requests.IsStarted;

    public Holdings Held => held;

    public int SubscribedNames => subscription.Names.Count;

    /// <summary>So many responses wait for an answer that no more are sent.</summary>
    public bool IsFull => outbox.IsFull(type);

    /// <summary>Something is to be sent and waits for that.</summary>
    public bool IsHeldBack => IsFull && IsAnythingDue;

    /// <summary>The proxy has asked for something and was not answered yet.</summary>
    public bool IsAnswerDue => requests.IsAnswerDue;

    /// <summary>How long no heartbeat is due; null: until something else happens.</summary>
    public TimeSpan? NextHeartbeat => heartbeats?.Wait;

    /// <summary>What follows from the proxy's answers.</summary>
    public TypeAnswers Answers => answers;

    public void Request(DeltaDiscoveryRequest request, NameProblems problems) => requests.Take(request, problems);

    public void Take(ResourceTable newTable)
    {
        if (ReferenceEquals(held.Table, newTable))
        {
            return;
        }

        var isFirst = held.Table is null;
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
            held.Fresh.AddMembers(newTable, held.IsSpecial);
        }

        held.Table = newTable;
        if (isFirst)
        {
            requests.ForgetUnasked();
        }
    }

    /// <inheritdoc cref="TypeRequests.Owe"/>
    public void Owe(ImmutableArray<EncodedResource> referring) => requests.Owe(referring);

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
        held.SendAbsent(round.Absent);
        requests.SendDoubtful();
        if (requests.IsGreetingDue && round.Sent.IsEmpty && round.Absent.Count == 0)
        {
            outbox.SendEmpty(type);
        }

        requests.IsGreetingDue = false;
        requests.IsAnswerDue = false;
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

    private bool IsAnythingDue => held.Due.Count > 0 || !held.Fresh.IsEmpty || requests.IsGreetingDue || requests.IsAnyDoubtful;

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
        else if (now is not null && subscription.Covers(now))
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
