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
    private SotwHeartbeats? heartbeats;
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

    /// <summary>How long nothing with a TTL is to be sent again; null: until something else happens.</summary>
    public TimeSpan? NextHeartbeat => heartbeats?.Wait;

    public int SubscribedNames => subscription.Names.Count;

    /// <summary>What resources that the proxy keeps because it refused their newer version refer to.</summary>
    public IEnumerable<ResourceKey> KeptReferences => refusals.Names.SelectMany(name => held.Find(name)?.References ?? []);

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
            return Send(group.Resources, group.Generation, beats: []);
        }

        if (IsResumed(table))
        {
            return [];
        }

        var fresh = new SotwComparison(type, stream, held, refusals).Compare(table, mayChange || requests.IsAnswerDue);
        var beats = heartbeats?.TakeDue() ?? [];
        var isDue = requests.IsAnswerDue || (type.IsWhole() && type != ResourceType.Cluster && held.Leaving.Count > 0);
        if (fresh.IsEmpty && beats.IsEmpty && !isDue)
        {
            return [];
        }

        if (type != ResourceType.Cluster)
        {
            RemoveLeaving(new HashSet<ResourceKey>());
        }

        return Send(fresh, generation: 0, beats);
    }

    /// <summary>Sends the whole without what is no longer wanted, but for what is still referred to.</summary>
    public void Remove(IEnumerable<ResourceKey> kept)
    {
        if (held.Open is null && held.Leaving.Count > 0 && RemoveLeaving(kept.ToHashSet()))
        {
            Send([], generation: 0, beats: []);
        }
    }

    /// <summary>Looks at what has a TTL and is at the proxy now; to come after a push.</summary>
    public void FollowTtls()
    {
        var hasExpiring = IsStarted && held.Table is { Expiring.IsEmpty: false };
        if (stream.TtlClock is not { } time || (heartbeats is null && !hasExpiring))
        {
            return;
        }

        heartbeats ??= new SotwHeartbeats(held, time);
        heartbeats.Follow();
        heartbeats = heartbeats.IsIdle && !hasExpiring ? null : heartbeats;
    }

    /// <summary>Shows the ledger what is known without notes. A response that brings nothing is none of its business.</summary>
    public void Show()
    {
        if (IsStarted && held.Table is { } table)
        {
            stream.Book.See(type, table, subscription, held.Open is { Resources.IsEmpty: false } open ? open.Alone : []);
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

    private bool RemoveLeaving(HashSet<ResourceKey> kept)
    {
        var names = held.Leaving.Where(name => !kept.Contains(new ResourceKey(type, name))).ToList();
        names.ForEach(held.Remove);
        held.Leaving.ExceptWith(names);
        return names.Count > 0;
    }

    /// <param name="fresh">What the proxy does not have.</param>
    /// <param name="generation">How often it was sent again.</param>
    /// <param name="beats">What the proxy has and is told again. Nothing of it is booked: the answer can bring nothing new.</param>
    private ImmutableArray<EncodedResource> Send(ImmutableArray<EncodedResource> fresh, int generation, ImmutableArray<EncodedResource> beats)
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

        var all = type.IsWhole() ? held.With(held.Open) : beats.IsEmpty ? fresh : held.Open.And(beats);
        stream.Outbox.Send(type.TypeUrl(), version, nonce, all);
        NoteTtls(all);
        return fresh;
    }

    private void NoteTtls(ImmutableArray<EncodedResource> sent)
    {
        if (stream.TtlClock is { } time)
        {
            heartbeats ??= held.Table is { Expiring.IsEmpty: false } ? new SotwHeartbeats(held, time) : null;
            heartbeats?.Sent(sent);
        }
        else if (held.Table is { Expiring.IsEmpty: false } && sent.Any(static resource => resource.Ttl is not null))
        {
            stream.LoseTtl();
        }
    }
}
