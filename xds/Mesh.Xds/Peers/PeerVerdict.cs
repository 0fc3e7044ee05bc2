// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Streams;

namespace Mesh.Xds.Peers;

/// <summary>What came of a client's proof of who it is.</summary>
public abstract record PeerVerdict
{
    private PeerVerdict()
    {
    }

    public abstract T Match<T>(Func<PeerIdentity, T> accepted, Func<string, T> refused, Func<string, T> undecided);

    /// <param name="Peer">Who it is, and until when that is proved.</param>
    public sealed record Accepted(PeerIdentity Peer) : PeerVerdict
    {
        public override T Match<T>(Func<PeerIdentity, T> accepted, Func<string, T> refused, Func<string, T> undecided) => accepted(Peer);
    }

    /// <param name="Problem">What is wrong with the proof, and what would be right.</param>
    public sealed record Refused(string Problem) : PeerVerdict
    {
        public override T Match<T>(Func<PeerIdentity, T> accepted, Func<string, T> refused, Func<string, T> undecided) => refused(Problem);
    }

    /// <param name="Problem">Why nobody can say now; the client may come again.</param>
    public sealed record Undecided(string Problem) : PeerVerdict
    {
        public override T Match<T>(Func<PeerIdentity, T> accepted, Func<string, T> refused, Func<string, T> undecided) => undecided(Problem);
    }
}
