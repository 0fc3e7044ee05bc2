// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What one push of one type of a delta stream makes of the names that are special.</summary>
/// <param name="type">The type.</param>
/// <param name="held">What the proxy has.</param>
/// <param name="refusals">What it refuses.</param>
/// <param name="round">Told what follows.</param>
internal readonly struct Comparison(ResourceType type, Holdings held, Refusals refusals, Round round)
{
    /// <param name="name">Due.</param>
    /// <param name="resource">What exists of it.</param>
    public void Compare(string name, EncodedResource? resource)
    {
        if (held.Find(name) is not { } item)
        {
            return;
        }

        if (resource is not null && held.Covers(resource))
        {
            Offer(resource, item);
        }
        else
        {
            Withdraw(name, resource, item);
        }
    }

    private void Offer(EncodedResource resource, HeldResource item)
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
            OfferRefused(resource, item, isForced);
        }
        else if (isForced || (item.Sent != resource.Version && item.Queued?.Version != resource.Version))
        {
            item.Queued = null;
            round.Send.Add(resource);
        }
        else if (item.Open == 0 && item.Queued is null)
        {
            held.Accept(resource, isWanted: true);
            held.Settle(name, item);
        }
    }

    // What was refused is not sent again; what the proxy accepted before it is, where an answer is due.
    private void OfferRefused(EncodedResource resource, HeldResource item, bool isForced)
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

    private void Withdraw(string name, EncodedResource? resource, HeldResource item)
    {
        refusals.Withdrawn(new ResourceKey(type, name), resource);
        item.Queued = null;
        if (item.Sent is not null)
        {
            item.Reported = false;
            round.Remove.Add(name);
        }
        else if (!held.IsNamed(name))
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
