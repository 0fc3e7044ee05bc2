// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Naming;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.Xds.Streams;

/// <summary>A node of the mesh by its id, <c>node/NAME</c>, and the way it captures connections by its metadata.</summary>
internal sealed class MeshNodeResolver : INodeResolver
{
    public NodeResolution Resolve(EnvoyNode? node, PeerIdentity? peer)
    {
        if (node is null || NodeId.Parse(node.Id) is not { } name)
        {
            return NodeResolution.Unknown(
                $"node.id is \"{node?.Id}\"; it must be like \"{NodeId.Of(new NodeName("NAME"))}\", on the first request of a stream.");
        }

        var capture = node.Metadata?.Fields.GetValueOrDefault(EnvoyBootstrap.CaptureKey)?.StringValue ?? "";
        return capture switch
        {
            "" or "loopback" => NodeResolution.Of(new MeshNode(name, CaptureMode.Loopback)),
            "redirect" => NodeResolution.Of(new MeshNode(name, CaptureMode.Redirect)),
            _ => NodeResolution.Unknown($"node.metadata.{EnvoyBootstrap.CaptureKey} is \"{capture}\"; it must be \"loopback\" or \"redirect\"."),
        };
    }
}
