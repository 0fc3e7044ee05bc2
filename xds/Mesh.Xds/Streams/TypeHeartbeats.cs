// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// Keeps resources with a TTL alive at the proxy of a delta stream, for one type. A heartbeat brings nothing, so that its answer is booked
/// nowhere; but a refused one says that the proxy does not hold the resource (its TTL has ended, for this came late), or that it knows no
/// heartbeats: the resource is sent anew, and where that happens time and again, always so.
/// </summary>
internal sealed class TypeHeartbeats(ResourceType type, Holdings held, Outbox outbox, TimeProvider time)
{
    private const int MostRefused = 2;

    private readonly BeatSchedule schedule = new(time);
    private readonly List<SentHeartbeat> unanswered = [];
    private int refusedInRow;

    /// <summary>Nothing is to be done, now or later.</summary>
    public bool IsIdle => schedule.IsEmpty && unanswered.Count == 0;

    /// <summary>How long nothing is due; null: until something else happens.</summary>
    public TimeSpan? Wait => IsHeldBack ? null : schedule.Wait;

    // Who does not answer is sent no more of these either.
    private bool IsHeldBack => outbox.IsFull(type) || outbox.IsTooMany(unanswered.Count);

    /// <summary>Sends what is due. To come before a push: what is to be sent anew is left to that.</summary>
    public void Send()
    {
        if (IsHeldBack)
        {
            return;
        }

        var due = schedule.TakeDue().RemoveAll(resource => held.Asked.Contains(resource.Key.Name));
        if (due.IsEmpty)
        {
            return;
        }

        if (refusedInRow >= MostRefused)
        {
            due.ToList().ForEach(resource => held.Ask(resource.Key.Name));
            return;
        }

        unanswered.AddRange(outbox.SendHeartbeats(type, due));
    }

    /// <summary>Looks at what the proxy holds after a push.</summary>
    public void Follow()
    {
        foreach (var name in (held.Table?.Expiring ?? []).Select(static resource => resource.Key.Name).Concat(schedule.Names).Distinct(StringComparer.Ordinal).ToArray())
        {
            var resource = held.AtProxy(name);
            if (resource is not null && outbox.IsSentNow(type, name))
            {
                schedule.Sent(resource);
            }
            else
            {
                schedule.Holds(name, resource);
            }
        }
    }

    /// <summary>Takes the answer to a heartbeat; does nothing when it is one to something else.</summary>
    public void Answered(string nonce, bool isRefusal)
    {
        var sent = unanswered.Find(sent => sent.Nonce == nonce);
        if (sent is null)
        {
            return;
        }

        unanswered.Remove(sent);

        refusedInRow = isRefusal ? refusedInRow + 1 : 0;
        if (isRefusal)
        {
            SendAnew(sent);
        }
    }

    // Unless it is no longer what the proxy should hold, or is on its way: then the answer to that tells more.
    private void SendAnew(SentHeartbeat sent)
    {
        foreach (var resource in sent.Resources)
        {
            var name = resource.Key.Name;
            if (held.AtProxy(name)?.Version == resource.Version && held.OpenWith(name) is null)
            {
                held.Ask(name);
            }
        }
    }
}
