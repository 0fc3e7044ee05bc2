// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model;

/// <summary>The endpoints of one service port, sorted by zone, then address, then port.</summary>
public sealed record EndpointSet
{
    public required ServicePortName Name { get; init; }

    public required EquatableArray<Endpoint> Endpoints { get; init; }
}

public enum EndpointHealth
{
    /// <summary>Takes new requests.</summary>
    Ready,

    /// <summary>Shutting down: finishes what it has, and takes new requests only when no other endpoint is left.</summary>
    Draining,
}

public sealed record Endpoint
{
    /// <summary>IPv4 or IPv6 address in canonical text.</summary>
    public required string Address { get; init; }

    public required int Port { get; init; }

    public required EndpointHealth Health { get; init; }

    /// <summary>The topology zone; empty where unknown.</summary>
    public required string Zone { get; init; }

    /// <summary>The pod's name where the endpoint is a pod, otherwise empty.</summary>
    public required string Pod { get; init; }
}
