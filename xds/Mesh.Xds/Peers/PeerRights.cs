// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Xds.Peers;

/// <summary>What a client may say of itself, as its proof of who it is has it.</summary>
public sealed record PeerRights
{
    /// <summary>The node whose proxy it may be; null when it may be none's.</summary>
    public required NodeName? Node { get; init; }

    /// <summary>Then why not.</summary>
    public string NoNode { get; init; } = "";

    /// <summary>The namespace that it may have as an application which is its own proxy.</summary>
    public required string Namespace { get; init; }
}
