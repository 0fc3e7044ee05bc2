// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What the proxy has of one type, as far as sent and answered responses tell.</summary>
/// <param name="type">The type.</param>
/// <param name="book">Told what is under way and what was answered.</param>
/// <param name="outbox">Sends.</param>
/// <param name="due">Gets the names that are to be compared again because of an answer.</param>
internal sealed class Holdings(ResourceType type, AckBook book, Outbox outbox, SortedSet<string> due)
{
    private readonly Dictionary<string, HeldResource> held = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => held.Keys;

    public HeldResource? Find(string name) => held.GetValueOrDefault(name);

    public HeldResource Hold(string name)
    {
        if (!held.TryGetValue(name, out var item))
        {
            held.Add(name, item = new HeldResource(outbox.LastSequence + 1));
        }

        return item;
    }

    public void Forget(string name) => held.Remove(name);

    /// <summary>What the resources at the proxy, accepted or on their way, name.</summary>
    public IEnumerable<ResourceKey> References() => held.Values
        .Where(static item => item.Sent is not null)
        .SelectMany(static item => (item.Good?.References ?? []).Concat(item.Latest?.References ?? []));

    /// <summary>Stops waiting for the answer to a response, as far as it names something that was sent again since.</summary>
    public bool DropsAnswer(string name, long sequence)
    {
        if (held.TryGetValue(name, out var item) && item.IsLatest(sequence))
        {
            return false;
        }

        item?.Close(sequence);
        return true;
    }

    public void Send(IReadOnlyList<EncodedResource> resources, int generation)
    {
        // Held before it is sent, else the answer would be taken for one to an earlier life of the name.
        var items = resources.ToDictionary(static resource => resource.Key.Name, resource => Hold(resource.Key.Name), StringComparer.Ordinal);
        foreach (var sent in outbox.Send(type, resources, generation))
        {
            foreach (var resource in sent.Resources)
            {
                var item = items[resource.Key.Name];
                (item.Sent, item.Latest, item.Sequence, item.IsToldAbsent) = (resource.Version, resource, sent.Sequence, false);
                item.Open++;
                book.Sent(resource.Key);
            }
        }
    }

    /// <summary>Tells that there is nothing of these names.</summary>
    public void SendRemoved(IReadOnlyList<string> names)
    {
        var items = names.ToDictionary(static name => name, Hold, StringComparer.Ordinal);
        foreach (var sent in outbox.SendRemoved(type, names))
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
        Settle(item, sequence, resource.Key);
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
            due.Add(resource.Key.Name);
        }
    }

    /// <summary>A response that names it was answered, in whichever way.</summary>
    public HeldResource? Close(string name, long sequence)
    {
        if (!held.TryGetValue(name, out var item))
        {
            return null;
        }

        item.Close(sequence);
        if (item.Open == 0)
        {
            // The last word on it: what is not wanted can be forgotten, or has to be removed.
            due.Add(name);
        }

        return item;
    }

    public void Settle(HeldResource item, long sequence, ResourceKey key)
    {
        item.Answered = Math.Max(item.Answered, sequence);
        if (item.IsLatest(sequence))
        {
            book.Answered(key);
        }
    }

    // Perhaps it was applied, perhaps dropped with the refused one, and nobody wants it now: should it be wanted again it is sent.
    public void Doubt(ResourceKey key, long sequence)
    {
        if (held.TryGetValue(key.Name, out var item) && item.IsLatest(sequence))
        {
            Settle(item, sequence, key);
            item.Sent = HeldResource.InDoubt;
        }
    }
}
