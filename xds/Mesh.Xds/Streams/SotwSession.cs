// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// One state-of-the-world stream over all types, as a state machine: events in, responses and the proxy's new state out. It differs from
/// <see cref="DeltaSession"/> in what a response holds and in that the next one waits for its answer; what is wanted, what is refused and
/// what is booked are the same.
/// </summary>
internal sealed class SotwSession : ISession<DiscoveryRequest>
{
    // What names clusters: it follows them when they come, and goes before them.
    private static readonly ResourceType[] NamingClusters =
        [ResourceType.Extension, ResourceType.Route, ResourceType.ScopedRoute, ResourceType.Listener];

    private readonly SotwStream stream;
    private readonly SotwTypeSession[] types;
    private NodeSnapshot? snapshot;

    public SotwSession(ProxyIdentity proxy, long streamId, SessionLimits limits, TimeProvider time)
    {
        var canUnwrap = proxy.Features.HasFlag(ClientFeatures.ResourceInSotw);
        var outbox = new SotwOutbox(streamId, canUnwrap ? ResponseForm.Wrapped : ResponseForm.Bare);
        stream = new SotwStream(outbox, new AckBook(proxy, streamId), limits, canUnwrap ? time : null);
        types = [.. ResourceTypes.StateOfTheWorld.Select(type => new SotwTypeSession(type, stream))];
    }

    public SessionOutput Handle(SessionEvent<DiscoveryRequest> what) => what.Match(Handle, Handle, () => Finish(isNack: false));

    private SessionOutput Handle(NodeSnapshot newer)
    {
        snapshot = newer;
        foreach (var type in ResourceTypes.StateOfTheWorld)
        {
            types[(int)type].Take(newer[type]);
        }

        return Finish(isNack: false);
    }

    private SessionOutput Handle(DiscoveryRequest request)
    {
        if (stream.Limits.Check(request) is { } broken)
        {
            return SessionOutput.Aborted(broken.StatusCode, broken.Detail);
        }

        if (ResourceTypes.FromTypeUrl(request.TypeUrl) is not { } type || (int)type >= types.Length)
        {
            return Unserved(request);
        }

        types[(int)type].Request(request);
        return stream.Limits.Check(types.Sum(static session => session.SubscribedNames)) is { } tooMany
            ? SessionOutput.Aborted(tooMany.StatusCode, tooMany.Detail)
            : Finish(isNack: request.ErrorDetail is not null);
    }

    // Silence would make a proxy wait; the types that we do not serve have no resources. Virtual hosts are served by the delta variant
    // only: here no resource can tell its aliases.
    private SessionOutput Unserved(DiscoveryRequest request)
    {
        if (request.TypeUrl.Length == 0)
        {
            return SessionOutput.Aborted(StatusCode.InvalidArgument, "type_url is empty; an aggregated stream needs it on every request.");
        }

        if (request.ResponseNonce.Length == 0)
        {
            stream.Outbox.Send(request.TypeUrl, 0, stream.Outbox.Next().Nonce, []);
        }

        return Finish(isNack: false);
    }

    private SessionOutput Finish(bool isNack)
    {
        if (snapshot is not null)
        {
            Push(snapshot);
        }

        TimeSpan? next = null;
        foreach (var session in types)
        {
            session.FollowTtls();
            session.Show();
            next = session.NextHeartbeat is { } heartbeat && !(next < heartbeat) ? heartbeat : next;
        }

        return new SessionOutput
        {
            Responses = stream.Outbox.Take(),
            State = stream.Book.Take(),
            IsNack = isNack,
            Abort = null,
            RetryAfter = next,
            LosesTtl = stream.TakeTtlLoss(),
            Problems = stream.Problems.Take(),
        };
    }

    private void Push(NodeSnapshot newest)
    {
        var clusters = types[(int)ResourceType.Cluster];
        foreach (var type in ResourceTypes.StateOfTheWorld)
        {
            var sent = types[(int)type].Push(mayChange: !clusters.IsBehind || !NamingClusters.Contains(type));
            OweReferences(sent);
        }

        if (NamingClusters.All(type => types[(int)type].IsSettled))
        {
            clusters.Remove(types.SelectMany(static session => session.KeptReferences));
        }

        if (types.Any(static session => session.IsStarted) && !types.Any(static session => session.IsBehind))
        {
            stream.Book.Brought(newest.Revision);
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
