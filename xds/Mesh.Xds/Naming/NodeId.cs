// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Xds.Naming;

/// <summary>A node's name as Envoy says it (<c>node.id</c>).</summary>
public static class NodeId
{
    private const string Prefix = "node/";
    private const string ClientPrefix = "grpc/";

    public static string Of(NodeName node) => Prefix + node.Value;

    /// <summary>The name under which a client that needs no proxy is shown: it chooses its id itself, and must not be taken for a node.</summary>
    public static NodeName OfClient(string id) => new(ClientPrefix + (id.Length == 0 ? "unnamed" : id));

    /// <summary>The node, or null for an id that is not of this form.</summary>
    public static NodeName? Parse(string id) =>
        id.StartsWith(Prefix, StringComparison.Ordinal) && id.Length > Prefix.Length ? new NodeName(id[Prefix.Length..]) : null;
}
