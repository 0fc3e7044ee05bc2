// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What one push of one type of a state-of-the-world stream makes of what is due.</summary>
/// <param name="type">The type.</param>
/// <param name="stream">The stream.</param>
/// <param name="held">What the proxy has.</param>
/// <param name="refusals">What it refuses.</param>
internal readonly struct SotwComparison(ResourceType type, SotwStream stream, SotwHoldings held, Refusals refusals)
{
    /// <summary>What is to be sent, sorted by name.</summary>
    /// <param name="newest">What there is.</param>
    /// <param name="all">Otherwise only what the proxy asks for.</param>
    public ImmutableArray<EncodedResource> Compare(ResourceTable newest, bool all)
    {
        var asked = held.Asked;
        var fresh = TakeFresh(newest, all);
        var changed = new List<EncodedResource>();
        var size = fresh.Sum(static resource => resource.Bare.Length);
        foreach (var name in held.Due.Where(name => all || asked.Contains(name)).ToArray())
        {
            if (!type.IsWhole() && size > stream.Limits.ResponseBytes)
            {
                break;
            }

            held.Due.Remove(name);
            if (Offer(name, newest.Find(name)) is { } resource)
            {
                changed.Add(resource);
                size += resource.Bare.Length;
            }

            asked.Remove(name);
        }

        if (held.Due.Count == 0 && held.Fresh.IsEmpty)
        {
            asked.Clear();
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

        var asked = held.Asked;
        var found = held.Fresh.In(newest);
        var taken = all ? found : found.RemoveAll(resource => !asked.Contains(resource.Key.Name));
        taken = type.IsWhole() ? taken : taken[..stream.Limits.CountFitting(taken)];
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
        if (resource is null || !held.Covers(resource))
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
        else if (type.IsWhole())
        {
            held.Leaving.Add(name);
        }
        else
        {
            held.Remove(name);
        }
    }
}
