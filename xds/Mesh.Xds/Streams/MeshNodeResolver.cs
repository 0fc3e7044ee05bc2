// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Naming;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.Xds.Streams;

/// <summary>
/// A node of the mesh by its id, <c>node/NAME</c>, and the way it captures connections by its metadata; or an application that is its own
/// proxy, by what it is made of: every gRPC library names itself so, and none can use what is meant for Envoy. A peer that has proved who it is
/// may say that of itself and nothing else.
/// </summary>
internal sealed class MeshNodeResolver : INodeResolver
{
    /// <summary>"gRPC Go", "gRPC Node Pure JS", "gRPC Java", "gRPC C-core".</summary>
    private const string GrpcAgent = "gRPC";

    /// <summary>Key of the metadata that a gRPC client's bootstrap tells its namespace by.</summary>
    private const string NamespaceKey = "namespace";

    public NodeResolution Resolve(EnvoyNode? node, PeerIdentity? peer)
    {
        if (node is not null && node.UserAgentName.StartsWith(GrpcAgent, StringComparison.Ordinal))
        {
            var client = new ProxylessClient(Text(node, NamespaceKey));
            return peer?.Rights is { } own && client.Namespace.Length > 0 && client.Namespace != own.Namespace
                ? NodeResolution.Denied(
                    $"node.metadata.{NamespaceKey} is \"{client.Namespace}\", and the token is one of namespace \"{own.Namespace}\"; it must be that, or be left out.")
                : NodeResolution.Of(new MeshNode(NodeId.OfClient(node.Id), CaptureMode.Loopback) { Proxyless = client });
        }

        if (node is null || NodeId.Parse(node.Id) is not { } name)
        {
            return NodeResolution.Unknown(
                $"node.id is \"{node?.Id}\"; it must be like \"{NodeId.Of(new NodeName("NAME"))}\", on the first request of a stream.");
        }

        if (peer?.Rights is { } rights && rights.Node != name)
        {
            return NodeResolution.Denied(rights.Node is { } proved
                ? $"node.id is \"{node.Id}\", and the token is one of a pod on node \"{proved.Value}\"; it must be \"{NodeId.Of(proved)}\"."
                : $"node.id is \"{node.Id}\", which this token gives no right to: {rights.NoNode}");
        }

        var capture = Text(node, EnvoyBootstrap.CaptureKey);
        return capture switch
        {
            "" or "loopback" => NodeResolution.Of(new MeshNode(name, CaptureMode.Loopback)),
            "redirect" => NodeResolution.Of(new MeshNode(name, CaptureMode.Redirect)),
            _ => NodeResolution.Unknown($"node.metadata.{EnvoyBootstrap.CaptureKey} is \"{capture}\"; it must be \"loopback\" or \"redirect\"."),
        };
    }

    private static string Text(EnvoyNode node, string key) => node.Metadata?.Fields.GetValueOrDefault(key)?.StringValue ?? "";
}
