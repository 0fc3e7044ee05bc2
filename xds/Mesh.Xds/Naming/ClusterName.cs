// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Xds.Naming;

/// <summary>The name of a cluster.</summary>
public readonly record struct ClusterName
{
    private ClusterName(string value) => Value = value;

    public string Value { get; }

    public ResourceKey Key => new(ResourceType.Cluster, Value);

    /// <summary>Where routes send requests: <c>s/ns/svc:port</c>.</summary>
    public static ClusterName Of(ServicePortName port) => new($"s/{port}");

    /// <summary>Where bytes that are not HTTP go: <c>o/IP:port</c>, which Envoy can make of a connection's destination alone.</summary>
    public static ClusterName Of(ServiceAddress address) => new(OriginalDestination.Prefix + address);

    /// <summary>Sends to the destination that the client asked for; of the bootstrap.</summary>
    public static ClusterName Passthrough { get; } = new("passthrough");

    /// <summary>Has no endpoint: what goes there is refused; of the bootstrap.</summary>
    public static ClusterName Block { get; } = new("block");

    /// <summary>Has no endpoint: where a proxyless client sends what must fail.</summary>
    public static ClusterName NoBackend { get; } = new("no-backend");

    /// <summary>The control plane; of the bootstrap.</summary>
    public static ClusterName ControlPlane { get; } = new("xds");

    public override string ToString() => Value;
}
