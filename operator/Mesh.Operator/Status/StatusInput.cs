// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Building;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Operator.Status;

/// <summary>Everything that a status is made of.</summary>
/// <param name="Built">Findings and contributions.</param>
/// <param name="Snapshot">What was published for it.</param>
/// <param name="Proxies">What the connected proxies hold.</param>
public sealed record StatusInput(BuildResult Built, MeshSnapshot Snapshot, ImmutableArray<ProxyState> Proxies)
{
    /// <summary>What the nodes of those proxies were given: it tells what is withheld from one of them, and how it captures connections.</summary>
    public ImmutableArray<NodeSnapshot> Nodes { get; init; } = [];

    /// <summary>What is known of the proxies of other replicas.</summary>
    public FleetView Fleet { get; init; } = FleetView.Alone;
}
