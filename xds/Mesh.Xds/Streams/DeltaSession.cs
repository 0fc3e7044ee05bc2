// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// One delta stream over all types, as a state machine: events in, responses and the proxy's new state out. It knows no socket
/// and no other stream, and of the time only how much has passed. Rules and their reasons: the xDS protocol, and what the pinned Envoy was seen to do.
/// </summary>
internal sealed class DeltaSession : ISession<DeltaDiscoveryRequest>
{
    // What names clusters: it waits for them where they are held back.
    private static readonly ResourceType[] NamingClusters =
        [ResourceType.Extension, ResourceType.Route, ResourceType.ScopedRoute, ResourceType.Listener, ResourceType.VirtualHost];

    private readonly SessionLimits limits;
    private readonly TimeProvider time;
    private readonly ProbePause pause;
    private readonly Outbox outbox;
    private readonly AckBook book;
    private readonly NameProblems problems = new();
    private readonly Round[] rounds = new Round[ResourceTypes.PushOrder.Length];
    private readonly RemovalQueue removals = new();

    // By type, in the order in which they are pushed; virtual hosts, the last ones, only where they are asked for.
    private TypeSession[] types;
    private NodeSnapshot? snapshot;

    public DeltaSession(ProxyIdentity proxy, long streamId, SessionLimits limits, TimeProvider time)
    {
        this.limits = limits;
        this.time = time;
        pause = new ProbePause(time);
        outbox = new Outbox(streamId, limits);
        book = new AckBook(proxy, streamId);
        types = [.. ResourceTypes.StateOfTheWorld.Select(type => new TypeSession(type, book, outbox))];
    }

    public SessionOutput Handle(SessionEvent<DeltaDiscoveryRequest> what) => what.Match(Handle, Handle, Retry);

    private SessionOutput Handle(NodeSnapshot newer)
    {
        snapshot = newer;
        outbox.Revision = newer.Revision;
        foreach (var session in types)
        {
            session.Take(newer[session.Type]);
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

        Serve(type);
        var isNack = request.ErrorDetail is not null;
        if (request.ResponseNonce.Length > 0 && outbox.Find(request.ResponseNonce, type) is { } sent)
        {
            Answered(sent, request.ErrorDetail);
        }
        else
        {
            types[(int)type].AnsweredHeartbeat(request.ResponseNonce, isNack);
        }

        types[(int)type].Request(request, problems);
        return limits.Check(types.Sum(static session => session.SubscribedNames)) is { } tooMany
            ? SessionOutput.Aborted(tooMany.StatusCode, tooMany.Detail)
            : Finish(isNack);
    }

    private void Serve(ResourceType type)
    {
        if ((int)type < types.Length)
        {
            return;
        }

        var session = new TypeSession(type, book, outbox);
        if (snapshot is not null)
        {
            session.Take(snapshot[type]);
        }

        types = [.. types, session];
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
            book.HasAccepted = true;
            session.Answers.Accepted(sent);
            return;
        }

        var again = session.Answers.Refused(sent, error.Message);
        OweReferences(again);
        if (!again.IsEmpty)
        {
            removals.Defer(outbox.LastSequence);
        }
    }

    private SessionOutput Retry()
    {
        foreach (var session in pause.TryEnd() ? types : [])
        {
            session.Answers.Retry();
        }

        return Finish(isNack: false);
    }

    private SessionOutput Finish(bool isNack)
    {
        foreach (var session in types)
        {
            session.Beat();
        }

        if (snapshot is not null)
        {
            Push(snapshot);
        }

        foreach (var session in types)
        {
            session.FollowTtls(time);
            session.Show();
        }

        return new SessionOutput
        {
            Responses = outbox.Take(),
            State = book.Take(),
            IsNack = isNack,
            Abort = null,
            RetryAfter = RetryAfter(),
            Problems = problems.Take(),
        };
    }

    private TimeSpan? RetryAfter()
    {
        var after = pause.Left(Array.Exists(types, static session => session.Answers.IsHeldBack));
        foreach (var session in types)
        {
            after = session.NextHeartbeat is { } next && !(after < next) ? next : after;
        }

        return after;
    }

    private void Push(NodeSnapshot newest)
    {
        foreach (var session in types)
        {
            var isFree = session.IsAnswerDue || !types[(int)ResourceType.Cluster].IsHeldBack || !NamingClusters.Contains(session.Type);
            var round = isFree ? session.Push() : Round.Nothing;
            OweReferences(round.Sent);
            OweReferences(session.Answers.SendProbe());
            rounds[(int)session.Type] = round;
        }

        // Behind the additions of every type, for the last type sent may be what makes the first one's removal harmless.
        foreach (var session in types)
        {
            removals.Add(session.Type, rounds[(int)session.Type].Remove, outbox.LastSequence);
        }

        removals.Send(types, outbox.OldestAddition);
        if (types.Any(static session => session.IsStarted) && !types.Any(static session => session.IsHeldBack))
        {
            book.Brought(newest.Revision);
        }
    }

    // A cluster that was sent waits at the proxy for a fresh assignment, though the proxy does not ask for one that it is subscribed to.
    private void OweReferences(ImmutableArray<EncodedResource> sent)
    {
        if (!sent.IsEmpty && sent[0].Key.Type != ResourceType.Endpoint)
        {
            types[(int)ResourceType.Endpoint].Owe(sent);
        }
    }
}
