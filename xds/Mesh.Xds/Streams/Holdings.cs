// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// What the proxy has of one type, as far as sent and answered responses tell. A name is written down only while it is special: changed,
/// refused, leaving, asked for again. Of any other it is known without a note: the proxy has what the table has, or will have it with
/// the answer to an open response; so a stream at rest costs its subscription and a reference to the table that all share.
/// </summary>
/// <param name="type">The type.</param>
/// <param name="book">Told what is under way and what was answered.</param>
/// <param name="outbox">Sends.</param>
/// <param name="subscription">What the proxy wants.</param>
internal sealed class Holdings(ResourceType type, AckBook book, Outbox outbox, Subscription subscription)
{
    private readonly Dictionary<string, HeldResource> special = new(StringComparer.Ordinal);

    /// <summary>Newest table; null before the first snapshot.</summary>
    public ResourceTable? Table
    {
        get;
        set
        {
            field = value;
            HasSeenOtherNames |= value is { HasOtherNames: true };
        }
    }

    /// <summary>Some table had resources with other names than their own.</summary>
    public bool HasSeenOtherNames { get; private set; }

    /// <summary>Names that are wanted and of which the proxy has nothing yet.</summary>
    public FreshNames Fresh { get; } = new(subscription);

    /// <summary>Names to be compared with the table in the next push; all of them are special.</summary>
    public SortedSet<string> Due { get; } = new(StringComparer.Ordinal);

    /// <summary>Names to be answered in the next push even if the proxy has them.</summary>
    public HashSet<string> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>Names to be sent in the next push even if the proxy has them, for something sent refers to them.</summary>
    public HashSet<string> Owed { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Special => special.Keys;

    /// <summary>What is written down.</summary>
    public IReadOnlyDictionary<string, HeldResource> Notes => special;

    /// <summary>The proxy has accepted some response of this stream, or has something of an earlier one.</summary>
    public bool HasAcceptedAnything
    {
        get => book.HasAccepted;
        set => book.HasAccepted = value;
    }

    /// <summary>Responses that wait for an answer, oldest first.</summary>
    public ImmutableArray<SentResponse> OpenResponses => outbox.Open(type);

    public long LastSequence => outbox.LastSequence;

    public bool IsSpecial(string name) => special.ContainsKey(name);

    public bool IsNamed(string name) => subscription.IsNamed(name);

    public bool Covers(EncodedResource resource) => subscription.Covers(resource);

    /// <summary>What the proxy should have.</summary>
    public EncodedResource? Wanted(string name) =>
        Table?.Find(name) is { } resource && subscription.Covers(resource) ? resource : null;

    /// <summary>The name's note, made of what is known without one; null when the proxy has nothing and was told nothing.</summary>
    public HeldResource? Find(string name) => special.TryGetValue(name, out var item) ? item : Write(name);

    public HeldResource Hold(string name) => Find(name) ?? Note(name, new HeldResource(outbox.LastSequence + 1));

    /// <summary>A name of which the proxy has nothing, whatever an open response of earlier brings.</summary>
    public void HoldNothing(string name) => Note(name, new HeldResource(outbox.LastSequence + 1));

    /// <summary>The proxy says that it has this version from an earlier stream.</summary>
    public void Report(string name, string version)
    {
        book.Special(new ResourceKey(type, name), new AcceptedResource(version, Origins.None));
        Note(name, new HeldResource(outbox.LastSequence + 1) { Sent = version, Confirmed = version, Reported = true });
        Due.Add(name);
    }

    /// <summary>Whether the proxy has the table's version, or will have it with the answer to what is under way.</summary>
    public bool IsHeld(string name) =>
        special.ContainsKey(name) || (Table?.Find(name) is { } resource && !Fresh.Contains(name) && subscription.Covers(resource));

    public void Forget(string name)
    {
        special.Remove(name);
        Due.Remove(name);
        Fresh.Remove(name);
        Asked.Remove(name);
        Owed.Remove(name);
        var key = new ResourceKey(type, name);
        book.Forget(key);
        book.Withdrawn(key);
    }

    /// <summary>Drops the note of a name of which nothing more is to be said than what is known without one.</summary>
    public void Settle(string name, HeldResource item)
    {
        if (item.Open > 0 || item.Reported || OpenWith(name) is not null)
        {
            return;
        }

        var resource = Table?.Find(name);
        var isSettled = resource is null
            ? item is { Sent: null, IsToldAbsent: true } && subscription.IsNamed(name)
            : item.Sent == resource.Version && item.Confirmed == resource.Version && subscription.Covers(resource);
        if (isSettled)
        {
            special.Remove(name);
            book.Forget(new ResourceKey(type, name));
        }
    }

    /// <summary>Whether an open response brings the name.</summary>
    public SentResponse? OpenWith(string name)
    {
        var open = outbox.Open(type);
        for (var at = open.Length - 1; at >= 0; at--)
        {
            if (open[at].Find(name) is not null)
            {
                return open[at];
            }
        }

        return null;
    }

    /// <summary>What special resources at the proxy, accepted or on their way, refer to.</summary>
    public IEnumerable<ResourceKey> References() => special.Values
        .Where(static item => item.Sent is not null)
        .SelectMany(static item => (item.Good?.References ?? []).Concat(item.Latest?.References ?? []));

    /// <summary>
    /// What the proxy has when it accepts what was sent; null: nothing, or nobody knows in which version. Writes no note, as
    /// <see cref="Find"/> does.
    /// </summary>
    public EncodedResource? AtProxy(string name)
    {
        if (special.TryGetValue(name, out var item))
        {
            return !item.Reported && item.Latest?.Version == item.Sent ? item.Latest : null;
        }

        return Fresh.Contains(name) ? null : Wanted(name);
    }

    /// <summary>The name is to be sent in the next push even if the proxy has it.</summary>
    public void Ask(string name)
    {
        Hold(name);
        Asked.Add(name);
        Due.Add(name);
    }

    /// <param name="resources">Sorted by name; those that are not special must be fresh.</param>
    /// <param name="generation">How often they were sent again.</param>
    public void Send(ImmutableArray<EncodedResource> resources, int generation)
    {
        foreach (var sent in outbox.Send(type, resources, generation))
        {
            if (special.Count > 0)
            {
                Note(sent);
            }
        }
    }

    /// <summary>Tells that there is nothing of these names, which the proxy asks for.</summary>
    public void SendAbsent(IReadOnlyList<string> names) =>
        SendRemoved(names.Count < 2 ? names : [.. names.Distinct(StringComparer.Ordinal)], isUnresolved: type == ResourceType.VirtualHost);

    /// <summary>Tells that there is nothing of these names any longer.</summary>
    public void SendRemoved(IReadOnlyList<string> names) => SendRemoved(names, isUnresolved: false);

    /// <summary>Names for which the proxy waits and which mean this resource, its own not among them. Nobody waits for a member of a collection.</summary>
    public IEnumerable<string> AwaitedAliases(EncodedResource resource) => type == ResourceType.VirtualHost ? resource.OtherNames.Where(IsNamed) : [];

    private void SendRemoved(IReadOnlyList<string> names, bool isUnresolved)
    {
        if (names.Count == 0)
        {
            return;
        }

        // Held before it is sent, else the answer would be taken for one to an earlier life of the name.
        var items = names.ToDictionary(static name => name, Hold, StringComparer.Ordinal);
        foreach (var sent in isUnresolved ? outbox.SendUnresolved(type, names) : outbox.SendRemoved(type, names))
        {
            foreach (var name in sent.Removed)
            {
                var item = items[name];
                (item.Sent, item.Latest, item.Sequence, item.IsToldAbsent) = (null, null, sent.Sequence, true);
                (item.Confirmed, item.Good, item.Removal) = (null, null, sent.Sequence);
                item.Open++;
                book.Sent(new ResourceKey(type, name));
            }
        }
    }

    /// <summary>The proxy has accepted this.</summary>
    public void Confirm(HeldResource item, long sequence, EncodedResource resource)
    {
        Answer(item, sequence, resource.Key);
        item.Applied = sequence;
        if (sequence < item.Removal)
        {
            return;
        }

        (item.Confirmed, item.Good) = (resource.Version, resource);
        if (item.IsNewestAnswered && !item.IsLatest(sequence))
        {
            // What was sent later was refused before this answer came: the proxy is at this one.
            (item.Sent, item.Latest) = (item.Confirmed, item.Good);
            Due.Add(resource.Key.Name);
        }
    }

    /// <summary>A response was answered.</summary>
    public void CloseResponse(SentResponse sent) => outbox.Close(sent);

    public void Accept(EncodedResource resource, bool isWanted) => book.Accept(resource, isWanted);

    /// <summary>The proxy has it no longer.</summary>
    public void Gone(ResourceKey key) => book.Gone(key);

    /// <summary>A response that names it was answered, in whichever way. Null when nothing special is known of it.</summary>
    public HeldResource? Close(string name, long sequence)
    {
        if (!special.TryGetValue(name, out var item))
        {
            return null;
        }

        item.Close(sequence);
        if (item.Open == 0)
        {
            // The last word on it: what is not wanted can be forgotten, or has to be removed.
            Due.Add(name);
        }

        return item;
    }

    public void Answer(HeldResource item, long sequence, ResourceKey key)
    {
        item.Answered = Math.Max(item.Answered, sequence);
        if (item.IsLatest(sequence))
        {
            book.Answered(key);
        }
    }

    /// <summary>This version waits no longer to be tried again, for it is known to be refused. False when it did not wait.</summary>
    public bool Unqueue(HeldResource item, EncodedResource refused)
    {
        if (item.Queued is not { } queued)
        {
            return false;
        }

        item.Queued = null;
        Answer(item, item.Sequence, refused.Key);
        if (queued.Version != refused.Version)
        {
            return false;
        }

        (item.Sent, item.Latest) = (item.Confirmed, item.Good);
        return true;
    }

    // Perhaps it was applied, perhaps dropped with the refused one, and nobody wants it now: should it be wanted again it is sent.
    public void Doubt(ResourceKey key, long sequence)
    {
        if (special.TryGetValue(key.Name, out var item) && item.IsLatest(sequence))
        {
            Answer(item, sequence, key);
            item.Sent = HeldResource.InDoubt;
        }
    }

    private void Note(SentResponse sent)
    {
        foreach (var resource in sent.Resources)
        {
            if (special.TryGetValue(resource.Key.Name, out var item))
            {
                (item.Sent, item.Latest, item.Sequence, item.IsToldAbsent) = (resource.Version, resource, sent.Sequence, false);
                item.Open++;
                book.Sent(resource.Key);
            }
        }
    }

    private HeldResource? Write(string name)
    {
        if (Table is null || Fresh.Contains(name))
        {
            return null;
        }

        var resource = Table.Find(name);
        if (resource is null)
        {
            return subscription.IsNamed(name) ? Note(name, new HeldResource(outbox.LastSequence + 1) { IsToldAbsent = true }) : null;
        }

        if (!subscription.Covers(resource))
        {
            return null;
        }

        var open = OpenWith(name);
        return open is null ? NoteSettled(resource) : NoteUnderWay(resource, open);
    }

    private HeldResource NoteSettled(EncodedResource resource)
    {
        book.Special(resource.Key, new AcceptedResource(resource.Version, resource.Origins));
        return Note(resource.Key.Name, new HeldResource(outbox.LastSequence + 1)
        {
            Sent = resource.Version,
            Confirmed = resource.Version,
            Good = resource,
            Latest = resource,
        });
    }

    private HeldResource NoteUnderWay(EncodedResource resource, SentResponse open)
    {
        book.Special(resource.Key, accepted: null);
        book.Sent(resource.Key);
        return Note(resource.Key.Name, new HeldResource(open.Sequence)
        {
            Sent = resource.Version,
            Latest = open.Find(resource.Key.Name),
            Sequence = open.Sequence,
            Open = 1,
        });
    }

    private HeldResource Note(string name, HeldResource item)
    {
        special.Add(name, item);
        book.Special(new ResourceKey(type, name));
        return item;
    }
}
