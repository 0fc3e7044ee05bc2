// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.Model;

/// <summary>
/// The mesh as it is meant to be, at one revision of the resources. Valid by construction: what a user wrote wrongly is absent.
/// Elements that did not change are the same objects as in the model before, so that later stages can reuse what they made of them.
/// </summary>
public sealed record MeshModel
{
    public required Revision Revision { get; init; }

    /// <summary>
    /// Services with at least one TCP port, those of type ExternalName excepted. Endpoints do not matter, so that an endpoint's coming
    /// and going never changes this.
    /// </summary>
    public required ImmutableDictionary<ServiceName, MeshService> Services { get; init; }

    /// <summary>
    /// Endpoints of every service port, apart from the services, because they change far more often. A port without endpoints has an
    /// entry with none.
    /// </summary>
    public required ImmutableDictionary<ServicePortName, EndpointSet> Endpoints { get; init; }

    /// <summary>
    /// Running pods with an address that are enrolled, sorted by address: those whose connections a node takes over. The source address of a
    /// connection tells which of them asks.
    /// </summary>
    public required EquatableArray<Workload> Workloads { get; init; }

    /// <summary>The zone of each node that is known to be in one.</summary>
    public required ImmutableDictionary<NodeName, string> Zones { get; init; }

    /// <summary>What applies to the mesh as a whole.</summary>
    public required MeshSettings Settings { get; init; }

    /// <summary>Null after a build from nothing.</summary>
    public required ModelChanges? Changes { get; init; }

    public static MeshModel Empty { get; } = new()
    {
        Revision = default,
        Services = ImmutableDictionary<ServiceName, MeshService>.Empty,
        Endpoints = ImmutableDictionary<ServicePortName, EndpointSet>.Empty,
        Workloads = [],
        Zones = ImmutableDictionary<NodeName, string>.Empty,
        Settings = MeshSettings.Default,
        Changes = null,
    };
}

/// <summary>A pod: the sender or receiver of traffic.</summary>
public sealed record Workload
{
    /// <summary>The address that its connections come from, IPv4 or IPv6 in canonical text.</summary>
    public required string Address { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string ServiceAccount { get; init; }

    /// <summary>The node it runs on; null where unknown (file mode), which means every node.</summary>
    public required NodeName? Node { get; init; }
}
