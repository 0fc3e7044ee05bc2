// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;

namespace Mesh.Xds.Snapshots;

/// <summary>What is the same for every node, at one revision; a node's own part is added by <c>SnapshotBuilder.ForNode</c>.</summary>
public sealed class MeshSnapshot
{
    public required MeshModel Model { get; init; }

    public Revision Revision => Model.Revision;

    /// <summary>Clusters, assignments, route configurations and scopes of every service, indexed by <see cref="ResourceType"/>.</summary>
    public required ImmutableArray<ResourceTable> Shared { get; init; }

    /// <summary>Resources that break Envoy's own rules and therefore were not sent; the last good version, if any, is in the tables.</summary>
    public required EquatableArray<RefusedResource> Refused { get; init; }

    /// <summary>Which pods run where.</summary>
    internal WorkloadIndex Workloads { get; init; } = WorkloadIndex.Empty;

    /// <summary>Ports whose endpoints depend on who calls.</summary>
    internal PlacedPorts Placed { get; init; } = PlacedPorts.None;

    /// <summary>Makes what nodes of a zone get.</summary>
    internal PlaceMemory Places { get; init; } = new();

    /// <summary>Makes what clients without a proxy get.</summary>
    internal ProxylessMemory Proxyless { get; init; } = new();

    /// <summary>How many rules send copies of requests to a port.</summary>
    internal ImmutableDictionary<ServicePortName, int> Mirrors { get; init; } = ImmutableDictionary<ServicePortName, int>.Empty;
}

/// <param name="Key">The resource.</param>
/// <param name="Origins">The user objects that its refused version stems from.</param>
/// <param name="Message">The rule that it breaks, with the field's path.</param>
public sealed record RefusedResource(ResourceKey Key, Origins Origins, string Message);
