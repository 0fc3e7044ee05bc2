// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Mesh.Xds.Streams;
using Microsoft.AspNetCore.Http;

namespace Mesh.Xds.Peers;

/// <summary>
/// Asks who opens a stream, before anything of it is read. Who has a certificate has proved it in the handshake. Where tokens are judged, everybody else
/// must show one, but for what comes by a unix socket: only this machine's own users can, and the socket's folder says which.
/// </summary>
/// <param name="tally">Told how streams begin.</param>
/// <param name="open">Counts the streams of each pod.</param>
/// <param name="judge">Judges tokens; null where nobody is asked for one.</param>
internal sealed class PeerGate(PeerTally tally, PeerStreams open, IBearerJudge? judge = null)
{
    private const string Scheme = "Bearer ";

    // Tokens of a cluster are about 1 kB long.
    private const int LongestToken = 4 << 10;

    /// <summary>Who it is; null where nobody is asked.</summary>
    /// <exception cref="RpcException">It is nobody.</exception>
    public async Task<PeerIdentity?> EnterAsync(HttpContext http, CancellationToken ct)
    {
        if (http.Connection.ClientCertificate is { } certificate)
        {
            return PeerIdentity.Of(certificate);
        }

        if (judge is null || http.Connection.RemoteIpAddress is null)
        {
            return null;
        }

        var client = Client(http);
        if (TokenOf(http.Request.Headers.Authorization.ToString()) is not { } token)
        {
            throw Refuse(
                client, PeerOutcome.Missing, StatusCode.Unauthenticated,
                "No token came: a stream begins with the header \"authorization: Bearer TOKEN\", and the token is one of this pod, mounted for the mesh's control plane.");
        }

        var verdict = await judge.JudgeAsync(token, client, ct);
        return verdict.Match(
            peer => peer,
            problem => throw Refuse(client, PeerOutcome.Invalid, StatusCode.Unauthenticated, problem),
            problem => throw Refuse(client, PeerOutcome.Undecided, StatusCode.Unavailable, problem));
    }

    /// <summary>Its place among the streams of its pod, until it ends.</summary>
    public IDisposable? Open(PeerIdentity? peer) => open.Enter(peer);

    /// <summary>What came of a stream whose client was told by a token who it is.</summary>
    /// <param name="http">The call.</param>
    /// <param name="peer">Who it is.</param>
    /// <param name="denied">Why it may not be whom it says it is; null if it may.</param>
    public void Tell(HttpContext http, PeerIdentity? peer, string? denied)
    {
        if (peer?.Rights is null)
        {
            return;
        }

        if (denied is null)
        {
            tally.Accepted(Client(http));
        }
        else
        {
            tally.Refused(Client(http), PeerOutcome.Denied, denied);
        }
    }

    private static string? TokenOf(string header) =>
        header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Length is > 7 and <= LongestToken && header[Scheme.Length..].Trim() is { Length: > 0 } token
            ? token
            : null;

    // A port is another one for each connection.
    private static string Client(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "an unknown address";

    private RpcException Refuse(string client, PeerOutcome outcome, StatusCode code, string problem)
    {
        tally.Refused(client, outcome, problem);
        return new RpcException(new Status(code, problem));
    }
}
