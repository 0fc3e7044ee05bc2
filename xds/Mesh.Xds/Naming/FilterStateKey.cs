// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Naming;

/// <summary>Facts about a connection that filters and routes share.</summary>
public static class FilterStateKey
{
    /// <summary>The calling workload, <c>ns/pod</c>.</summary>
    public const string Source = "mesh.src";

    /// <summary>The calling workload's namespace.</summary>
    public const string SourceNamespace = "mesh.src.namespace";

    /// <summary>Envoy's own: the cluster that tcp_proxy uses in place of the configured one.</summary>
    public const string TcpProxyCluster = "envoy.tcp_proxy.cluster";
}
