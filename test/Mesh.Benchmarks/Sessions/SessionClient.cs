// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;
using Envoy.Service.Discovery.V3;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;

namespace Mesh.Benchmarks.Sessions;

/// <summary>
/// A session with a client that accepts everything; responses are written as they are to a socket. Its requests are made beforehand, so
/// that what is measured is the server's.
/// </summary>
/// <typeparam name="TRequest">What the client sends.</typeparam>
internal abstract class SessionClient<TRequest>
    where TRequest : class
{
    private static readonly PipeWriter Output = PipeWriter.Create(Stream.Null);
    private static readonly BulkGate Gate = new(int.MaxValue, TimeProvider.System);

    private readonly ISession<TRequest> session;
    private readonly Queue<EncodedResponse> unanswered = new(16);

    protected SessionClient(ISession<TRequest> session) => this.session = session;

    /// <summary>Versions as the client has them, for a reconnect.</summary>
    public Dictionary<ResourceType, EncodedResponse> Last { get; } = [];

    public bool HasUnanswered => unanswered.Count > 0;

    public void Publish(NodeSnapshot snapshot) => Take(session.Handle(new SessionEvent<TRequest>.Published(snapshot)));

    public void Request(TRequest request) => Take(session.Handle(new SessionEvent<TRequest>.Request(request)));

    /// <summary>Acknowledges the oldest response.</summary>
    public void Answer()
    {
        var response = unanswered.Dequeue();
        Last[ResourceTypes.FromTypeUrl(response.TypeUrl) ?? throw new InvalidOperationException(response.TypeUrl)] = response;
        Request(Acknowledge(response));
    }

    public void AnswerAll()
    {
        while (HasUnanswered)
        {
            Answer();
        }
    }

    protected abstract TRequest Acknowledge(EncodedResponse response);

    private void Take(SessionOutput output)
    {
        foreach (var response in output.Responses)
        {
            if (!response.WriteAsync(Output, Gate, CancellationToken.None).AsTask().IsCompletedSuccessfully)
            {
                throw new InvalidOperationException("Writing to nowhere does not wait.");
            }

            unanswered.Enqueue(response);
        }
    }
}

/// <summary>The client of a delta session.</summary>
internal sealed class DeltaClient() : SessionClient<DeltaDiscoveryRequest>(ProtocolVariants.Delta.NewSession(SessionMesh.Proxy, 1, TimeProvider.System))
{
    private readonly DeltaDiscoveryRequest answer = new();

    public static DeltaDiscoveryRequest Subscribe(ResourceType type, params string[] names) =>
        new() { TypeUrl = type.TypeUrl(), ResourceNamesSubscribe = { names } };

    protected override DeltaDiscoveryRequest Acknowledge(EncodedResponse response)
    {
        (answer.TypeUrl, answer.ResponseNonce) = (response.TypeUrl, response.Nonce);
        return answer;
    }
}

/// <summary>The client of a state-of-the-world session.</summary>
internal sealed class SotwClient() : SessionClient<DiscoveryRequest>(ProtocolVariants.StateOfTheWorld.NewSession(SessionMesh.Proxy, 1, TimeProvider.System))
{
    private readonly Dictionary<string, DiscoveryRequest> answers = new(StringComparer.Ordinal);

    public static DiscoveryRequest Subscribe(ResourceType type, params string[] names) =>
        new() { TypeUrl = type.TypeUrl(), ResourceNames = { names } };

    /// <summary>Requests, and goes on asking for the same names with each answer.</summary>
    public void Begin(DiscoveryRequest request)
    {
        answers[request.TypeUrl] = request.Clone();
        Request(request);
    }

    protected override DiscoveryRequest Acknowledge(EncodedResponse response)
    {
        var answer = answers[response.TypeUrl];
        (answer.VersionInfo, answer.ResponseNonce) = (response.Version, response.Nonce);
        return answer;
    }
}
