// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.Xds.Streams;

/// <summary>Tells whose resources a proxy gets, by what it says of itself on the first request of a stream.</summary>
public interface INodeResolver
{
    /// <param name="node">As the proxy sent it; null when it sent none.</param>
    /// <param name="peer">Who the other end is by its certificate or token; null on a connection without TLS, which only this machine can make.</param>
    NodeResolution Resolve(EnvoyNode? node, PeerIdentity? peer);
}

/// <param name="Node">The node; null when the proxy's words name none.</param>
/// <param name="Problem">Then what is wrong with them, and what would be right.</param>
public sealed record NodeResolution(MeshNode? Node, string Problem)
{
    /// <summary>Nothing is wrong with the words but who says them.</summary>
    public bool IsDenied { get; private init; }

    public static NodeResolution Of(MeshNode node) => new(node, "");

    public static NodeResolution Unknown(string problem) => new(null, problem);

    /// <summary>It may be a node, and not this peer's.</summary>
    public static NodeResolution Denied(string problem) => new(null, problem) { IsDenied = true };
}
