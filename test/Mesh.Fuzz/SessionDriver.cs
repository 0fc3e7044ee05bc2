// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using Google.Protobuf;
using Mesh.Xds.Acks;
using Mesh.Xds.Edge;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;

namespace Mesh.Fuzz;

/// <summary>Drives one session and holds it to its promises after every step.</summary>
internal sealed class SessionDriver<TRequest>(FuzzVariant<TRequest> variant)
    where TRequest : class, IMessage<TRequest>
{
    // A client that accepts everything is through with it after a few rounds; each round may bring a response for every type.
    private const int MostAnswers = 2000;

    private static readonly BulkGate Gate = new(int.MaxValue, TimeProvider.System);

    private readonly ISession<TRequest> session = variant.NewSession();
    private readonly List<EncodedResponse> sent = [];
    private readonly HashSet<string> nonces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TRequest> lastByType = new(StringComparer.Ordinal);
    private readonly HashSet<string> answered = new(StringComparer.Ordinal);
    private NodeSnapshot? newest;
    private ProxyState? state;
    private bool hasRefused;

    public bool HasEnded { get; private set; }

    public int Sent => sent.Count;

    public void Publish(NodeSnapshot snapshot)
    {
        newest = snapshot;
        Take(session.Handle(new SessionEvent<TRequest>.Published(snapshot)));
    }

    public void Request(byte[] bytes)
    {
        var request = RequestReader.Read(variant.Read, new ReadOnlySequence<byte>(bytes));
        Resolve(request);
        hasRefused |= variant.IsRefusal(request);
        lastByType[variant.TypeUrlOf(request)] = request;
        if (sent.Any(response => response.Nonce == variant.NonceOf(request) && response.TypeUrl == variant.TypeUrlOf(request)))
        {
            answered.Add(variant.NonceOf(request));
        }

        Take(session.Handle(new SessionEvent<TRequest>.Request(request)));
    }

    /// <summary>Accepts all that is unanswered, until nothing more comes, and looks whether the proxy is where it must be then.</summary>
    public void Settle()
    {
        var answers = 0;
        for (var at = 0; at < sent.Count && !HasEnded; at++)
        {
            if (!answered.Add(sent[at].Nonce))
            {
                continue;
            }

            Check(++answers <= MostAnswers, "answers and responses chase each other");
            var answer = variant.Accept(sent[at], lastByType.GetValueOrDefault(sent[at].TypeUrl));
            Take(session.Handle(new SessionEvent<TRequest>.Request(answer)));
        }

        if (!HasEnded && state is { } settled && newest is { } mesh)
        {
            CheckSettled(settled, mesh);
        }
    }

    private void CheckSettled(ProxyState settled, NodeSnapshot mesh)
    {
        Check(settled.Pending.IsEmpty, $"all is answered and {string.Join(", ", settled.Pending)} is pending");
        foreach (var (key, accepted) in settled.Accepted)
        {
            // Who refused something may keep an older version of it.
            Check(
                hasRefused || mesh.Find(key) is not { } now || now.Version == accepted.Version || !settled.SentRevision.Equals(mesh.Revision),
                $"{key} is at version {accepted.Version}, and the newest is {mesh.Find(key)?.Version}");
        }
    }

    private void Take(SessionOutput output)
    {
        state = output.State ?? state;
        foreach (var response in output.Responses)
        {
            Check(nonces.Add(response.Nonce), $"nonce {response.Nonce} is used twice");
            CheckBytes(response);
            sent.Add(response);
        }

        HasEnded = output.Abort is not null;
        Check(!HasEnded || output.Responses.Count == 0, "a stream that ends is sent something");
    }

    private void CheckBytes(EncodedResponse response)
    {
        using var bytes = new MemoryStream();
        var isWritten = response.WriteAsync(PipeWriter.Create(bytes), Gate, CancellationToken.None).AsTask().IsCompletedSuccessfully;
        Check(isWritten, "writing to memory waits");
        var message = bytes.ToArray().AsMemory(GrpcFrame.HeadLength);
        var head = bytes.ToArray().AsSpan(0, GrpcFrame.HeadLength);
        var announced = BinaryPrimitives.ReadInt32BigEndian(head[1..]);
        Check(
            head[0] == 0 && announced == message.Length && announced == response.Size,
            string.Create(CultureInfo.InvariantCulture, $"{message.Length} bytes written, {announced} announced, {response.Size} counted"));
        var read = variant.ReadResponse(message);
        Check(
            read == (response.TypeUrl, response.Nonce, response.Resources.Length + response.Unresolved.Length),
            $"{response.TypeUrl} #{response.Nonce} with {response.Resources.Length} resources is read as {read}");
    }

    private void Resolve(TRequest request)
    {
        if (variant.NonceOf(request) is ['$', >= '0' and <= '9' and var digit] && sent.Count > digit - '0')
        {
            variant.SetNonce(request, sent[^(digit - '0' + 1)].Nonce);
        }
    }

    private static void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvariantException(otherwise);
        }
    }
}
