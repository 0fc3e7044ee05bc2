// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Naming;

/// <summary>How Envoy itself makes a name out of the address that a client connected to.</summary>
public static class OriginalDestination
{
    /// <summary>Overwritten on every request before routing, so that a client cannot choose another scope; never leaves the proxy.</summary>
    public const string Header = "x-mesh-dst";

    /// <summary>Removed from every request: names no cluster, so that a share of the traffic can be sent nowhere.</summary>
    public const string NoBackendHeader = "x-mesh-no-backend";

    internal const string Prefix = "o/";

    /// <summary>Envoy's format string for <see cref="ClusterName.Of(ServiceAddress)"/> and <see cref="ScopeName.Of"/>.</summary>
    public const string Format = Prefix + "%DOWNSTREAM_LOCAL_ADDRESS%";
}
