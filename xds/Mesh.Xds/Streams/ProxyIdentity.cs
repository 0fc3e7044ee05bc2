// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Mesh.Model;
using Mesh.Xds.Naming;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.Xds.Streams;

/// <summary>Who is at the other end of a stream, by its own words.</summary>
/// <param name="Node">The node whose resources it gets.</param>
/// <param name="ProxyVersion">Envoy's version; empty when it does not say.</param>
internal sealed record ProxyIdentity(MeshNode Node, string ProxyVersion)
{
    // Enough for any version there is.
    private const int LongestVersion = 64;

    public ClientFeatures Features { get; init; }

    /// <summary>The namespace that an application has proved to be of; null where it proved none, and for the proxy of a node, which serves all.</summary>
    public string? Namespace { get; init; }

    /// <summary>The identity, or what is wrong with it.</summary>
    public static (ProxyIdentity? Identity, Status Problem) From(EnvoyNode? node, INodeResolver resolver, PeerIdentity? peer)
    {
        var resolution = resolver.Resolve(node, peer);
        return resolution.Node is { } known
            ? (Of(known, node, peer), Status.DefaultSuccess)
            : (null, new Status(resolution.IsDenied ? StatusCode.PermissionDenied : StatusCode.InvalidArgument, resolution.Problem));
    }

    private static ProxyIdentity Of(MeshNode known, EnvoyNode? node, PeerIdentity? peer) => new(known, ForeignText.Line(VersionOf(node), LongestVersion))
    {
        Features = ClientFeaturesReader.Of(node),
        Namespace = known.Proxyless is null ? null : peer?.Rights?.Namespace,
    };

    private static string VersionOf(EnvoyNode? node) => node?.UserAgentVersionTypeCase switch
    {
        EnvoyNode.UserAgentVersionTypeOneofCase.UserAgentVersion => node.UserAgentVersion,
        EnvoyNode.UserAgentVersionTypeOneofCase.UserAgentBuildVersion when node.UserAgentBuildVersion.Version is { } version =>
            $"{version.MajorNumber}.{version.MinorNumber}.{version.Patch}",
        _ => "",
    };
}
