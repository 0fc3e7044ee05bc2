// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Xds.Naming;

/// <summary>A node's name as Envoy says it (<c>node.id</c>).</summary>
public static class NodeId
{
    private const string Prefix = "node/";
    private const string ClientPrefix = "grpc/";

    // It is told in the statuses of what it uses. A pod's name has 253 characters at most.
    private const int LongestClient = 256;

    public static string Of(NodeName node) => Prefix + node.Value;

    /// <summary>The name under which a client that needs no proxy is shown: it chooses its id itself, and must not be taken for a node.</summary>
    public static NodeName OfClient(string id) => new(ClientPrefix + (id.Length == 0 ? "unnamed" : ForeignText.Line(id, LongestClient)));

    /// <summary>The node, or null for an id that is not of this form.</summary>
    public static NodeName? Parse(string id) =>
        id.StartsWith(Prefix, StringComparison.Ordinal) && id.Length > Prefix.Length ? new NodeName(id[Prefix.Length..]) : null;
}
