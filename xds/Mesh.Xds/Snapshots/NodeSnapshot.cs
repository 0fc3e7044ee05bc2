// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Hashing;
using Mesh.Model;

namespace Mesh.Xds.Snapshots;

/// <summary>Everything that one node may hold, at one revision of the model. Immutable; consistent by construction.</summary>
public sealed class NodeSnapshot
{
    private const int DigestBytes = 16;

    public required NodeName Node { get; init; }

    public required Revision Revision { get; init; }

    /// <summary>A table for every <see cref="ResourceType"/>, indexed by it.</summary>
    public required ImmutableArray<ResourceTable> Tables { get; init; }

    /// <summary>
    /// The node's own resources that break Envoy's own rules and therefore were not sent, sorted; the last good version, if any, is in the
    /// tables. Those that all nodes share are told of by the mesh's snapshot.
    /// </summary>
    public EquatableArray<RefusedResource> Refused { get; init; } = [];

    public ResourceTable this[ResourceType type] => Tables[(int)type];

    /// <summary>What the node's own part was made of, so that the next one is made only where that differs.</summary>
    internal NodeInput? Input { get; init; }

    /// <summary>How the node captures connections; null in a snapshot that was made of no model.</summary>
    public CaptureMode? Capture => Input?.Capture;

    /// <summary>The zone that the node is in; empty where unknown.</summary>
    public string Zone => Input?.Endpoints.Place.Zone ?? "";

    /// <summary>Pods of the node that are enrolled.</summary>
    public int Workloads => Input?.Workloads.Count ?? 0;

    /// <summary>One hash of all tables, 16 hex digits: equal on every replica and for every node of equal content.</summary>
    public string ConfigVersion()
    {
        Span<byte> digests = stackalloc byte[Tables.Length * DigestBytes];
        for (var i = 0; i < Tables.Length; i++)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(digests[(i * DigestBytes)..], Tables[i].Digest);
        }

        return Convert.ToHexStringLower(XxHash3.Hash(digests));
    }

    public EncodedResource? Find(ResourceKey key) => this[key.Type].Find(key.Name);
}

/// <param name="Model">The model.</param>
/// <param name="Capture">How the node captures connections.</param>
/// <param name="Workloads">The pods of the node.</param>
/// <param name="Endpoints">What is called from it.</param>
internal sealed record NodeInput(MeshModel Model, CaptureMode Capture, EquatableArray<Workload> Workloads, PlacedTable Endpoints);
