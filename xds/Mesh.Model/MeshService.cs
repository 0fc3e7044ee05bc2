// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model;

/// <summary>A service with its addresses and ports; its endpoints are in <see cref="MeshModel.Endpoints"/>.</summary>
public sealed record MeshService
{
    public required ServiceName Name { get; init; }

    /// <summary>The service's own (virtual) addresses in canonical text; empty for a headless service.</summary>
    public required EquatableArray<string> Addresses { get; init; }

    /// <summary>Sorted by port number.</summary>
    public required EquatableArray<ServicePort> Ports { get; init; }
}

/// <summary>What is spoken on a port.</summary>
public enum PortProtocol
{
    /// <summary>
    /// Not declared: HTTP/1, HTTP/2 and gRPC are recognised by their first bytes, anything else is carried as TCP, also what a client sends
    /// that keeps silent at first: its server may be the one to speak.
    /// </summary>
    Detect,

    /// <summary>
    /// HTTP, upstream in the version that the client speaks: declared so, or undeclared with a route or a policy for requests on the very
    /// port or service, whose rules must not be passed by because a client is slow to begin.
    /// </summary>
    Http,

    /// <summary>Declared HTTP/2 without TLS (<c>kubernetes.io/h2c</c>, <c>grpc</c>): upstream is always HTTP/2.</summary>
    Http2,

    /// <summary>Declared to be carried as bytes; never inspected, so a server may speak first.</summary>
    Tcp,
}

/// <summary>One port of a service with all settings in effect on it.</summary>
public sealed record ServicePort
{
    public required ServicePortName Name { get; init; }

    /// <summary>The port's name in the Service; empty where it has none.</summary>
    public required string PortName { get; init; }

    public required PortProtocol Protocol { get; init; }

    /// <summary>Settings of connections to the endpoints.</summary>
    public required Settings.ClusterSettings Cluster { get; init; }

    /// <summary>How requests to this port are routed; used unless the port is <see cref="PortProtocol.Tcp"/>.</summary>
    public required Routing.RouteTable Routes { get; init; }

    /// <summary>The policies that shaped <see cref="Cluster"/>.</summary>
    public required Origins ClusterOrigins { get; init; }

    /// <summary>Known to speak HTTP before a client has said anything; TLS, of which nothing can be read, is carried as bytes all the same.</summary>
    public bool IsHttp => Protocol is PortProtocol.Http or PortProtocol.Http2;
}
