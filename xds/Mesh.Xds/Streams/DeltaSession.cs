// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// One delta stream over all types, as a state machine: events in, responses and the proxy's new state out. It knows no socket, no clock
/// and no other stream. Rules and their reasons: the xDS protocol, and what the pinned Envoy was seen to do.
/// </summary>
internal sealed class DeltaSession : ISession<DeltaDiscoveryRequest>
{
    private readonly SessionLimits limits;
    private readonly Outbox outbox;
    private readonly AckBook book;
    private readonly TypeSession[] types;
    private readonly RemovalQueue removals = new();
    private NodeSnapshot? snapshot;

    public DeltaSession(ProxyIdentity proxy, long streamId, SessionLimits limits)
    {
        this.limits = limits;
        outbox = new Outbox(streamId, limits);
        book = new AckBook(proxy, streamId);
        types = [.. ResourceTypes.PushOrder.Select(type => new TypeSession(type, book, outbox))];
    }

    public SessionOutput Handle(SessionEvent<DeltaDiscoveryRequest> what) => what.Match(Handle, Handle);

    private SessionOutput Handle(NodeSnapshot newer)
    {
        snapshot = newer;
        outbox.Revision = newer.Revision;
        foreach (var type in ResourceTypes.PushOrder)
        {
            types[(int)type].Take(newer[type]);
        }

        return Finish(isNack: false);
    }

    private SessionOutput Handle(DeltaDiscoveryRequest request)
    {
        if (limits.Check(request) is { } broken)
        {
            return SessionOutput.Aborted(broken.StatusCode, broken.Detail);
        }

        if (ResourceTypes.FromTypeUrl(request.TypeUrl) is not { } type)
        {
            return Unserved(request);
        }

        var isNack = request.ErrorDetail is not null;
        if (request.ResponseNonce.Length > 0 && outbox.Answer(request.ResponseNonce, type) is { } sent)
        {
            Answered(sent, request.ErrorDetail);
        }

        types[(int)type].Request(request);
        return limits.Check(types.Sum(static session => session.SubscribedNames)) is { } tooMany
            ? SessionOutput.Aborted(tooMany.StatusCode, tooMany.Detail)
            : Finish(isNack);
    }

    // Silence would make a proxy wait; the types that we do not serve have no resources.
    private SessionOutput Unserved(DeltaDiscoveryRequest request)
    {
        if (request.TypeUrl.Length == 0)
        {
            return SessionOutput.Aborted(StatusCode.InvalidArgument, "type_url is empty; an aggregated stream needs it on every request.");
        }

        if (request.ResponseNonce.Length == 0)
        {
            outbox.SendUnserved(request.TypeUrl, request.ResourceNamesSubscribe);
        }

        return Finish(isNack: false);
    }

    private void Answered(SentResponse sent, Google.Rpc.Status? error)
    {
        var session = types[(int)sent.Type];
        if (error is null)
        {
            session.Accepted(sent);
            return;
        }

        var again = session.Refused(sent, error.Message);
        OweReferences(again);
        if (again.Count > 0)
        {
            removals.Defer(outbox.LastSequence);
        }
    }

    private SessionOutput Finish(bool isNack)
    {
        if (snapshot is not null)
        {
            Push(snapshot);
        }

        if (outbox.IsFull)
        {
            outbox.Compact((sent, name) => types[(int)sent.Type].Held.DropsAnswer(name, sent.Sequence));
        }

        return new SessionOutput { Responses = outbox.Take(), State = book.Take(), IsNack = isNack, Abort = null };
    }

    private void Push(NodeSnapshot newest)
    {
        var toRemove = new List<(ResourceType Type, List<string> Names)>();
        foreach (var type in ResourceTypes.PushOrder)
        {
            var round = types[(int)type].Push();
            OweReferences(round.Send);
            toRemove.Add((type, round.Remove));
        }

        // Behind the additions of every type, for the last type sent may be what makes the first one's removal harmless.
        foreach (var (type, names) in toRemove)
        {
            removals.Add(type, names, outbox.LastSequence);
        }

        removals.Send(types, outbox.OldestAddition);
        if (types.Any(static session => session.IsStarted))
        {
            book.Brought(newest.Revision);
        }
    }

    // A cluster that was sent waits at the proxy for a fresh assignment, though the proxy does not ask for one that it is subscribed to.
    private void OweReferences(IReadOnlyList<EncodedResource> sent)
    {
        foreach (var reference in sent.SelectMany(static resource => resource.References))
        {
            if (reference.Type == ResourceType.Endpoint)
            {
                types[(int)ResourceType.Endpoint].Owe(reference.Name);
            }
        }
    }
}
