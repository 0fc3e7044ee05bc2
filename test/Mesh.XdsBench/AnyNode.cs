// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Mesh.Model;
using Mesh.Xds.Streams;

namespace Mesh.XdsBench;

/// <summary>Serves whoever comes under the name that it gives itself: load clients are no nodes of a mesh.</summary>
internal sealed class AnyNode : INodeResolver
{
    public NodeResolution Resolve(Node? node, PeerIdentity? peer) => NodeResolution.Of(new MeshNode(new NodeName(node?.Id ?? ""), CaptureMode.Loopback));
}
