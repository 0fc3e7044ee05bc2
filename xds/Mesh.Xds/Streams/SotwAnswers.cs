// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What follows from the answers of a proxy to the responses of one type of a state-of-the-world stream.</summary>
internal sealed class SotwAnswers(AckBook book, SotwHoldings held, Refusals refusals)
{
    // What a refused response held beside the refused resource, to be sent group by group.
    private readonly ProbeQueue again = new();

    /// <summary>Resources of a refused response wait for their turn to be sent again.</summary>
    public bool IsTrying => !again.IsEmpty;

    /// <summary>The next resources to be sent again.</summary>
    public Probe? NextGroup()
    {
        while (again.Next([]) is { } group)
        {
            // What was unsubscribed meanwhile and is wanted again is sent as what the proxy has nothing of.
            var rest = group.Resources.RemoveAll(resource =>
                held.Fresh.Contains(resource.Key.Name) || held.Wanted(resource.Key.Name)?.Version != resource.Version);
            if (!rest.IsEmpty)
            {
                return group with { Resources = rest };
            }
        }

        return null;
    }

    /// <param name="sent">What was answered.</param>
    /// <param name="refusal">The words of refusal; null: accepted.</param>
    public void Take(SentResponse sent, string? refusal)
    {
        if (refusal is not null)
        {
            // Written down while the response is open, for from that it is known.
            sent.Resources.Where(resource => held.IsHeld(resource.Key.Name)).Select(static resource => resource.Key.Name).ToList().ForEach(held.Note);
        }

        held.Open = null;
        foreach (var resource in held.Special.Count == 0 ? [] : sent.Resources)
        {
            book.Answered(resource.Key);
        }

        if (refusal is null)
        {
            refusals.Accepted();
            book.HasAccepted = true;
            foreach (var resource in sent.Resources.Where(held.Covers))
            {
                Accept(resource);
            }
        }
        else
        {
            Refused(sent, refusal);
        }
    }

    /// <summary>The proxy has this version.</summary>
    public void Accept(EncodedResource resource)
    {
        var name = resource.Key.Name;
        if (!held.IsSpecial(name) && !held.IsHeld(name))
        {
            // Not wanted since it was sent: it has to be removed.
            held.Note(name);
        }

        held.Put(resource);
        if (!held.IsSpecial(name))
        {
            // It is what is wanted: a refusal of an older version, which came when nothing was noted of the name, counts no longer.
            book.Withdrawn(resource.Key);
            return;
        }

        var wanted = held.Wanted(name);
        var isWanted = wanted?.Version == resource.Version;
        book.Accept(isWanted ? wanted! : resource, isWanted); // isWanted says that there is one.
        held.Due.Add(name);
    }

    private void Refused(SentResponse sent, string refusal)
    {
        var verdict = refusals.Judge(sent, refusal);
        foreach (var group in verdict.SendAgain.Concat(verdict.Probes))
        {
            again.Add(new Probe(group, sent.Generation + 1, sent.Sequence));
        }

        foreach (var resource in verdict.Refused.Concat(verdict.IsHopeless ? again.TakeAll() : []))
        {
            if (held.Wanted(resource.Key.Name) is { } wanted)
            {
                refusals.Add(wanted.Version == resource.Version ? wanted : resource, refusal);
            }
        }
    }
}
