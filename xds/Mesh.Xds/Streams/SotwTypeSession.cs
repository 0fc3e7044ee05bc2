// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
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
    private readonly SotwHoldings held;
    private readonly Refusals refusals;

    private readonly SotwAnswers answers;
    private readonly SotwRequests requests;
    private string lastNonce = "";

    public SotwTypeSession(ResourceType type, SotwStream stream)
    {
        this.type = type;
        this.stream = stream;
        held = new SotwHoldings(type, stream.Book, subscription);
        refusals = new Refusals(stream.Book);
        answers = new SotwAnswers(stream.Book, held, refusals);
        requests = new SotwRequests(type, held, subscription, refusals);
    }

    public bool IsStarted => requests.IsStarted;

    /// <summary>Something is to be sent and waits for an answer.</summary>
    public bool IsBehind => IsStarted && (held.Due.Count > 0 || answers.IsTrying || !held.Fresh.IsEmpty);

    /// <summary>The proxy has accepted or refused all that it should have.</summary>
    public bool IsSettled => !IsBehind && held.Open is null;

    public int SubscribedNames => subscription.Names.Count;

    /// <summary>What resources that the proxy keeps because it refused their newer version refer to.</summary>
    public IEnumerable<ResourceKey> KeptReferences => refusals.Names.SelectMany(name => held.Find(name)?.References ?? []);

    private bool IsWhole => requests.IsWhole;

    public void Request(DiscoveryRequest request)
    {
        if (request.ResponseNonce.Length > 0 && lastNonce.Length > 0 && request.ResponseNonce != lastNonce)
        {
            // Stale: an answer to the response that is under way will follow, with the names as they are then.
            return;
        }

        if (held.Open is { } sent && request.ResponseNonce == sent.Nonce)
        {
            answers.Take(sent, request.ErrorDetail?.Message);
        }

        requests.Take(request, stream.Problems);
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
                held.Change(name, table.Find(name), newTable.Find(name));
            }
        }

        else
        {
            held.Fresh.AddMembers(newTable, held.IsSpecial);
        }

        held.Table = newTable;
    }

    /// <summary>What these refer to has to follow them, though it may not have changed.</summary>
    public void Owe(ImmutableArray<EncodedResource> referring)
    {
        if (SubscribedNames == 0)
        {
            return;
        }

        foreach (var name in referring
            .SelectMany(static resource => resource.References)
            .Where(reference => reference.Type == type && subscription.IsNamed(reference.Name))
            .Select(static reference => reference.Name))
        {
            requests.Ask(name);
        }
    }

    /// <summary>Sends what is due, unless an answer is awaited.</summary>
    /// <param name="mayChange">Otherwise only what the proxy asks for: what has changed names what it does not have yet.</param>
    /// <returns>What was sent anew.</returns>
    public ImmutableArray<EncodedResource> Push(bool mayChange)
    {
        if (held.Table is not { } table || !IsStarted || held.Open is not null)
        {
            return [];
        }

        if (answers.NextGroup() is { } group)
        {
            return Send(group.Resources, group.Generation);
        }

        if (IsResumed(table))
        {
            return [];
        }

        var fresh = Compare(table, mayChange || requests.IsAnswerDue);
        var isDue = requests.IsAnswerDue || (IsWhole && type != ResourceType.Cluster && held.Leaving.Count > 0);
        if (fresh.IsEmpty && !isDue)
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
    public void Remove(IEnumerable<ResourceKey> kept)
    {
        if (held.Open is null && held.Leaving.Count > 0 && RemoveLeaving(kept.ToHashSet()))
        {
            Send([], generation: 0);
        }
    }

    /// <summary>Shows the ledger what is known without notes.</summary>
    public void Show()
    {
        if (IsStarted && held.Table is { } table)
        {
            stream.Book.See(type, table, subscription, held.Open is { } open ? open.Alone : []);
        }
    }

    // It comes back with all that it should have; by the version, for this variant tells no more.
    private bool IsResumed(ResourceTable table)
    {
        if (!requests.IsAnswerDue || requests.ReportedVersion.Length == 0 || held.Special.Count > 0)
        {
            return false;
        }

        var all = held.Fresh.In(table);
        if (requests.ReportedVersion != SotwOutbox.Text(held.VersionWith(all)))
        {
            return false;
        }

        held.Fresh.Clear();
        held.Asked.Clear();
        requests.IsAnswerDue = false;
        foreach (var resource in all)
        {
            answers.Accept(resource);
        }

        return true;
    }

    private ImmutableArray<EncodedResource> Compare(ResourceTable newest, bool all)
    {
        var fresh = TakeFresh(newest, all);
        var changed = new List<EncodedResource>();
        var size = fresh.Sum(static resource => resource.Bare.Length);
        foreach (var name in held.Due.Where(name => all || held.Asked.Contains(name)).ToArray())
        {
            if (!IsWhole && size > stream.Limits.ResponseBytes)
            {
                break;
            }

            held.Due.Remove(name);
            if (Offer(name, newest.Find(name)) is { } resource)
            {
                changed.Add(resource);
                size += resource.Bare.Length;
            }

            held.Asked.Remove(name);
        }

        if (held.Due.Count == 0 && held.Fresh.IsEmpty)
        {
            held.Asked.Clear();
        }

        return changed.Count == 0 ? fresh : [.. changed.Concat(fresh).OrderBy(static resource => resource.Key.Name, StringComparer.Ordinal)];
    }

    // What the proxy has nothing of: sent in bulk and without notes, but for what was refused. What does not fit stays for the next time.
    private ImmutableArray<EncodedResource> TakeFresh(ResourceTable newest, bool all)
    {
        if (held.Fresh.IsEmpty)
        {
            return [];
        }

        var found = held.Fresh.In(newest);
        var taken = all ? found : found.RemoveAll(resource => !held.Asked.Contains(resource.Key.Name));
        taken = IsWhole ? taken : taken[..stream.Limits.CountFitting(taken)];
        var left = all ? found[taken.Length..] : found.RemoveAll(taken.ToHashSet().Contains);
        held.Fresh.Clear();
        foreach (var resource in left)
        {
            held.Fresh.Add(resource.Key.Name);
        }

        return refusals.Names.Count == 0 && held.Special.Count == 0 ? taken : taken.RemoveAll(IsSpecial);
    }

    private bool IsSpecial(EncodedResource resource)
    {
        var name = resource.Key.Name;
        if (held.IsSpecial(name))
        {
            held.Due.Add(name);
            return true;
        }

        if (!refusals.IsRefused(resource))
        {
            return false;
        }

        held.Fresh.Add(name);
        held.Note(name);
        held.Fresh.Remove(name);
        held.Due.Add(name);
        return true;
    }

    private EncodedResource? Offer(string name, EncodedResource? resource)
    {
        if (resource is null || !subscription.Covers(resource))
        {
            Withdraw(name, resource);
            return null;
        }

        held.Leaving.Remove(name);
        var has = held.Find(name);
        if (refusals.IsRefused(resource))
        {
            // What was refused is not sent again; what the proxy accepted before it is, where an answer is due.
            refusals.StillRefused(resource);
            return held.Asked.Contains(name) ? has : null;
        }

        if (has?.Version != resource.Version || held.Asked.Contains(name))
        {
            return resource;
        }

        stream.Book.Accept(resource, isWanted: true);
        held.Settle(name);
        return null;
    }

    private void Withdraw(string name, EncodedResource? resource)
    {
        refusals.Withdrawn(new ResourceKey(type, name), resource);
        if (held.Find(name) is null)
        {
            held.Settle(name);
        }
        else if (IsWhole)
        {
            held.Leaving.Add(name);
        }
        else
        {
            held.Remove(name);
        }
    }

    private bool RemoveLeaving(HashSet<ResourceKey> kept)
    {
        var names = held.Leaving.Where(name => !kept.Contains(new ResourceKey(type, name))).ToList();
        names.ForEach(held.Remove);
        held.Leaving.ExceptWith(names);
        return names.Count > 0;
    }

    private ImmutableArray<EncodedResource> Send(ImmutableArray<EncodedResource> fresh, int generation)
    {
        requests.IsAnswerDue = false;
        var (sequence, nonce) = stream.Outbox.Next();
        lastNonce = nonce;
        var version = held.VersionWith(fresh);
        held.Open = new SentResponse
        {
            Type = type,
            Sequence = sequence,
            Nonce = nonce,
            Resources = fresh,
            Removed = [],
            OriginalCount = fresh.Length,
            Generation = generation,
        };
        foreach (var resource in held.Special.Count == 0 ? [] : fresh.Where(resource => held.IsSpecial(resource.Key.Name)))
        {
            stream.Book.Sent(resource.Key);
        }

        stream.Outbox.Send(type.TypeUrl(), version, nonce, IsWhole ? held.With(held.Open) : fresh);
        return fresh;
    }
}
