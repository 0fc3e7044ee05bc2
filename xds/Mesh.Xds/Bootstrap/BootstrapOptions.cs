// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Xds.Bootstrap;

/// <summary>What a node's Envoy must know before it has spoken to the control plane.</summary>
public sealed record BootstrapOptions
{
    public required MeshNode Node { get; init; }

    public required ControlPlaneAddress ControlPlane { get; init; }

    /// <summary>A loopback address: the admin interface shows configuration and has no authentication.</summary>
    public string AdminAddress { get; init; } = "127.0.0.1";

    /// <summary>0 lets Envoy choose; it then writes the choice to the file of <c>--admin-address-path</c>.</summary>
    public required int AdminPort { get; init; }

    /// <summary>Envoy sheds load as its heap comes near this.</summary>
    public ulong MaximumHeapBytes { get; init; } = 1024UL * 1024 * 1024;
}

/// <summary>Where the control plane is reached: a unix socket, or a host's address and port.</summary>
public sealed record ControlPlaneAddress
{
    private ControlPlaneAddress(string? path, string? host, int port, ControlPlaneTls? tls)
    {
        SocketPath = path;
        Host = host;
        Port = port;
        Tls = tls;
    }

    public string? SocketPath { get; }

    public string? Host { get; }

    public int Port { get; }

    /// <summary>How both ends prove who they are; null in plain text.</summary>
    public ControlPlaneTls? Tls { get; }

    public static ControlPlaneAddress Unix(string path) => new(path, host: null, port: 0, tls: null);

    /// <param name="host">An IP address, or a name that DNS knows.</param>
    /// <param name="port">The port.</param>
    /// <param name="tls">Certificates; null for plain text.</param>
    public static ControlPlaneAddress Tcp(string host, int port, ControlPlaneTls? tls = null) => new(path: null, host, port, tls);
}
