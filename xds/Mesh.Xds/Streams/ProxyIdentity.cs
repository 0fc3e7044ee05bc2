// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Naming;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.Xds.Streams;

/// <summary>Who is at the other end of a stream, by its own words.</summary>
/// <param name="Node">The node whose resources it gets.</param>
/// <param name="ProxyVersion">Envoy's version; empty when it does not say.</param>
internal sealed record ProxyIdentity(MeshNode Node, string ProxyVersion)
{
    /// <summary>The identity, or what is wrong with it.</summary>
    public static (ProxyIdentity? Identity, string Problem) From(EnvoyNode? node)
    {
        if (node is null || NodeId.Parse(node.Id) is not { } name)
        {
            return (null, $"node.id is \"{node?.Id}\"; it must be like \"{NodeId.Of(new NodeName("NAME"))}\", on the first request of a stream.");
        }

        var capture = node.Metadata?.Fields.GetValueOrDefault(EnvoyBootstrap.CaptureKey)?.StringValue ?? "";
        return capture switch
        {
            "" or "loopback" => (Of(name, CaptureMode.Loopback, node), ""),
            "redirect" => (Of(name, CaptureMode.Redirect, node), ""),
            _ => (null, $"node.metadata.{EnvoyBootstrap.CaptureKey} is \"{capture}\"; it must be \"loopback\" or \"redirect\"."),
        };
    }

    private static ProxyIdentity Of(NodeName name, CaptureMode capture, EnvoyNode node) => new(new MeshNode(name, capture), VersionOf(node));

    private static string VersionOf(EnvoyNode node) => node.UserAgentVersionTypeCase switch
    {
        EnvoyNode.UserAgentVersionTypeOneofCase.UserAgentVersion => node.UserAgentVersion,
        EnvoyNode.UserAgentVersionTypeOneofCase.UserAgentBuildVersion when node.UserAgentBuildVersion.Version is { } version =>
            $"{version.MajorNumber}.{version.MinorNumber}.{version.Patch}",
        EnvoyNode.UserAgentVersionTypeOneofCase.UserAgentBuildVersion or EnvoyNode.UserAgentVersionTypeOneofCase.None => "",
    };
}
