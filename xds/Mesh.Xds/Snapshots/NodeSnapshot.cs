// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;

namespace Mesh.Xds.Snapshots;

/// <summary>Everything that one node may hold, at one revision of the model. Immutable; consistent by construction.</summary>
public sealed class NodeSnapshot
{
    public required NodeName Node { get; init; }

    public required Revision Revision { get; init; }

    /// <summary>A table for every <see cref="ResourceType"/>, indexed by it.</summary>
    public required ImmutableArray<ResourceTable> Tables { get; init; }

    public ResourceTable this[ResourceType type] => Tables[(int)type];

    /// <summary>What the node's own part was made of, so that the next one is made only where that differs.</summary>
    internal NodeInput? Input { get; init; }

    public EncodedResource? Find(ResourceKey key) => this[key.Type].Find(key.Name);
}

/// <param name="Model">The model.</param>
/// <param name="Capture">How the node captures connections.</param>
/// <param name="Workloads">The pods of the node.</param>
internal sealed record NodeInput(MeshModel Model, CaptureMode Capture, EquatableArray<Workload> Workloads);
