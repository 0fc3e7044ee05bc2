// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What follows from the answers of a proxy to the responses of one type: what it has, and what is to be sent again.</summary>
internal sealed class TypeAnswers(ResourceType type, Holdings held, Refusals refusals)
{
    private readonly ProbeQueue probes = new();

    /// <summary>Resources of a refused response wait for their turn to be sent again.</summary>
    public bool IsProbing => !probes.IsEmpty;

    /// <summary>
    /// The next part would go now, but to a proxy that has accepted nothing ever: it has to wait, for it may refuse whatever comes.
    /// </summary>
    public bool IsHeldBack => IsProbing && !probes.IsAllowed && !held.HasAcceptedAnything;

    /// <summary>The wait is over: one more part may go.</summary>
    public void Retry() => probes.IsAllowed = true;

    /// <summary>Sends the next part of what a refused response held, when the one before is answered.</summary>
    public ImmutableArray<EncodedResource> SendProbe()
    {
        while (!IsHeldBack && probes.Next(held.OpenResponses) is { } probe)
        {
            var rest = probe.Resources.RemoveAll(resource => !IsQueued(resource));
            if (!rest.IsEmpty)
            {
                Requeue(rest, queued: false);
                held.Send(rest, probe.Generation);
                probes.IsAllowed = false;
                probes.WaitFor(held.LastSequence);
                return rest;
            }
        }

        return [];
    }

    public void Accepted(SentResponse sent)
    {
        held.CloseResponse(sent);
        refusals.Accepted();
        if (held.Special.Count == 0)
        {
            return;
        }

        foreach (var resource in sent.Resources)
        {
            var name = resource.Key.Name;
            if (held.Close(name, sent.Sequence) is not { } item || !item.CanAccept(sent.Sequence))
            {
                continue;
            }

            var wanted = held.Wanted(name);
            var isWanted = wanted?.Version == resource.Version;
            held.Confirm(item, sent.Sequence, resource);
            held.Accept(isWanted ? wanted! : resource, isWanted); // isWanted says that there is one.
        }

        Removed(sent);
    }

    /// <summary>Books a refusal, and sends again what may have been dropped with the refused one.</summary>
    public ImmutableArray<EncodedResource> Refused(SentResponse sent, string message)
    {
        foreach (var resource in sent.Resources)
        {
            // Written down while the response is open, for from that it is known.
            held.Find(resource.Key.Name);
        }

        held.CloseResponse(sent);
        Removed(sent);
        foreach (var resource in sent.Resources)
        {
            held.Close(resource.Key.Name, sent.Sequence);
        }

        var verdict = refusals.Judge(sent, message);
        foreach (var resource in verdict.Refused)
        {
            Refuse(resource, sent.Sequence, message);
        }

        var again = SendAgain(verdict, sent);
        foreach (var resource in verdict.IsHopeless ? probes.Resources.Where(IsQueued) : [])
        {
            refusals.Doubt(resource, message);
        }

        return again;
    }

    private void Refuse(EncodedResource resource, long sequence, string message)
    {
        var name = resource.Key.Name;
        if (held.Find(name) is not { } item || !item.CanRefuse(sequence))
        {
            return;
        }

        var isLatest = held.Unqueue(item, resource) || item.IsLatest(sequence);
        held.Answer(item, sequence, resource.Key);
        if (held.Wanted(name) is { } wanted)
        {
            refusals.Add(wanted.Version == resource.Version ? wanted : resource, message);
        }

        if (isLatest)
        {
            Keep(resource, item);
        }
    }

    // The newest of what was sent is refused: the proxy keeps what it has.
    private void Keep(EncodedResource refused, HeldResource item)
    {
        (item.Sent, item.Latest) = (item.Confirmed, item.Good);
        if (item.Sent is null)
        {
            // It waits for these names, and would until a time-out.
            var name = refused.Key.Name;
            held.SendAbsent([.. held.IsNamed(name) ? [name] : Array.Empty<string>(), .. held.AwaitedAliases(refused)]);
        }
    }

    private ImmutableArray<EncodedResource> SendAgain(Verdict verdict, SentResponse sent)
    {
        var again = ImmutableArray<EncodedResource>.Empty;
        foreach (var group in verdict.SendAgain)
        {
            var rest = StillDue(group, sent.Sequence);
            held.Send(rest, sent.Generation + 1);
            again = again.AddRange(rest);
        }

        foreach (var group in verdict.Probes)
        {
            var rest = StillDue(group, sent.Sequence);
            Requeue(rest, queued: true);
            probes.Add(new Probe(rest, sent.Generation + 1, sent.Sequence));
        }

        return again;
    }

    private ImmutableArray<EncodedResource> StillDue(ImmutableArray<EncodedResource> group, long sequence)
    {
        var rest = ImmutableArray.CreateBuilder<EncodedResource>(group.Length);
        foreach (var resource in group)
        {
            if (!IsStillDue(resource, sequence))
            {
                held.Doubt(resource.Key, sequence);
            }
            else if (refusals.IsRefused(resource))
            {
                // Refused already, by the answer to another response that held it: this one can bring nothing new of it.
                var item = held.Hold(resource.Key.Name);
                held.Answer(item, sequence, resource.Key);
                Keep(resource, item);
            }
            else
            {
                rest.Add(resource);
            }
        }

        return rest.DrainToImmutable();
    }

    private bool IsStillDue(EncodedResource resource, long sequence) =>
        held.Find(resource.Key.Name)?.IsLatest(sequence) == true
        && held.Wanted(resource.Key.Name)?.Version == resource.Version;

    private bool IsQueued(EncodedResource resource) =>
        held.Find(resource.Key.Name)?.Queued?.Version == resource.Version
        && held.Wanted(resource.Key.Name)?.Version == resource.Version;

    // While it waits for its turn it is not known whether the proxy has it.
    private void Requeue(ImmutableArray<EncodedResource> resources, bool queued)
    {
        foreach (var resource in resources)
        {
            var item = held.Hold(resource.Key.Name);
            item.Queued = queued ? resource : null;
            item.Sent = HeldResource.InDoubt;
        }
    }

    private void Removed(SentResponse sent)
    {
        foreach (var name in sent.Removed)
        {
            if (held.Close(name, sent.Sequence) is not { } item || !item.CanAccept(sent.Sequence))
            {
                continue;
            }

            var key = new ResourceKey(type, name);
            var isLatest = item.IsLatest(sent.Sequence);
            held.Answer(item, sent.Sequence, key);
            item.Applied = sent.Sequence;
            held.Gone(key);
            if (isLatest && !held.IsNamed(name) && held.Wanted(name) is null)
            {
                held.Forget(name);
            }
        }
    }
}
