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

    /// <summary>What follows from the proxy's answers.</summary>
    public TypeAnswers Answers => answers;

    public void Request(DeltaDiscoveryRequest request, NameProblems problems) => requests.Take(request, problems);

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
            held.Fresh.AddMembers(newTable, held.IsSpecial);
        }

        held.Table = newTable;
    }

    /// <inheritdoc cref="TypeRequests.Owe"/>
    public void Owe(ImmutableArray<EncodedResource> referring) => requests.Owe(referring);

    /// <summary>Sends what is due. Removals of what the proxy has are only told of: they have to wait for other things.</summary>
    public Round Push()
    {
        if (held.Table is not { } table || !IsStarted || (held.Due.Count == 0 && held.Fresh.IsEmpty && !requests.IsGreetingDue))
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
        held.SendAbsent(round.Absent);
        if (requests.IsGreetingDue && round.Sent.IsEmpty && round.Absent.Count == 0)
        {
            outbox.SendEmpty(type);
        }

        requests.IsGreetingDue = false;
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

    private void Compare(string name, EncodedResource? resource, Round round)
    {
        if (held.Find(name) is not { } item)
        {
            return;
        }

        if (resource is not null && subscription.Covers(resource))
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
        held.Unqueue(item, resource);
        refusals.StillRefused(resource);
        if (isForced && item.Good is { } good)
        {
            round.Send.Add(good);
        }
        else if (isForced && item.Sent is null)
        {
            round.Absent.Add(resource.Key.Name);
            round.Absent.AddRange(held.AwaitedAliases(resource));
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
