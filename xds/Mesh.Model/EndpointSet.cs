// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model;

/// <summary>The endpoints of one service port, sorted by zone, then address, then port.</summary>
public sealed record EndpointSet
{
    public required ServicePortName Name { get; init; }

    public required EndpointReach Reach { get; init; }

    public required EquatableArray<Endpoint> Endpoints { get; init; }
}

/// <summary>Which endpoints of a service the clients of one node may use.</summary>
public enum EndpointReach
{
    /// <summary>All of them; those that are meant for the node or its zone first.</summary>
    Mesh,

    /// <summary>Those on the very node and no other, also where it has none.</summary>
    Node,
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

    /// <summary>Where the same pod is reached by the other family; empty where it is not.</summary>
    public required string OtherAddress { get; init; }

    public required int Port { get; init; }

    public required EndpointHealth Health { get; init; }

    /// <summary>The topology zone; empty where unknown.</summary>
    public required string Zone { get; init; }

    /// <summary>The node it runs on; null where unknown.</summary>
    public required NodeName? Node { get; init; }

    /// <summary>Clients of these zones are to use it before others, sorted. Empty on all endpoints of a set, or on none that is ready.</summary>
    public required EquatableArray<string> ForZones { get; init; }

    /// <summary>Clients on these nodes are to use it before others, sorted. Empty on all endpoints of a set, or on none that is ready.</summary>
    public required EquatableArray<string> ForNodes { get; init; }

    /// <summary>The pod's name where the endpoint is a pod, otherwise empty.</summary>
    public required string Pod { get; init; }
}
