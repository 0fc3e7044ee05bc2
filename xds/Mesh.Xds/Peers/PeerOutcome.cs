// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Peers;

/// <summary>How streams of an endpoint that asks for tokens began.</summary>
public enum PeerOutcome
{
    Accepted,

    /// <summary>No proof came.</summary>
    Missing,

    /// <summary>The proof is none.</summary>
    Invalid,

    /// <summary>Nobody could judge the proof.</summary>
    Undecided,

    /// <summary>The client is who it proves to be, and claims to be another one.</summary>
    Denied,
}
