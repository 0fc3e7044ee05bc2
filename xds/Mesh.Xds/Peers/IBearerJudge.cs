// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Peers;

/// <summary>Tells who a client is by the token that it shows when it opens a stream.</summary>
public interface IBearerJudge
{
    /// <summary>Never throws for what a client sent, nor for a judge that is away: both are verdicts.</summary>
    /// <param name="token">What came behind <c>Bearer</c>; not empty.</param>
    /// <param name="client">Address of the client, by which those who ask much wait behind the others.</param>
    /// <param name="ct">Cancelled when the client has gone.</param>
    Task<PeerVerdict> JudgeAsync(string token, string client, CancellationToken ct);

    /// <summary>Whether a newer token could be judged now. Streams whose token has expired are ended only then.</summary>
    Task<bool> IsThereAsync(CancellationToken ct);
}
