// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Xds.Snapshots;

/// <summary>The newest snapshot of one node, computed by whoever asks first; the others wait for that one computation.</summary>
internal sealed class NodePart(Func<MeshSnapshot, MeshNode, NodeSnapshot?, NodeSnapshot> forNode, MeshNode node)
{
    private readonly Lock gate = new();
    private MeshSnapshot? mesh;
    private Lazy<NodeSnapshot>? newest;
    private NodeSnapshot? computed;

    /// <summary>Streams of the node; guarded by the store that owns this.</summary>
    public int Subscribers { get; set; }

    /// <summary>The newest one that a stream has got; null until the first has.</summary>
    public NodeSnapshot? Newest
    {
        get
        {
            lock (gate)
            {
                return computed;
            }
        }
    }

    /// <summary>The node's snapshot at <paramref name="wanted"/>, or at a later one that another stream has asked for already.</summary>
    public NodeSnapshot At(MeshSnapshot wanted)
    {
        Lazy<NodeSnapshot> lazy;
        lock (gate)
        {
            if (newest is null || (!ReferenceEquals(mesh, wanted) && mesh!.Revision <= wanted.Revision)) // mesh is set whenever newest is.
            {
                var previous = computed;
                mesh = wanted;
                newest = new Lazy<NodeSnapshot>(() => forNode(wanted, node, previous));
            }

            lazy = newest;
        }

        // Outside the gate: computing may take long, and publishing must not wait for it.
        var snapshot = lazy.Value;
        lock (gate)
        {
            if (computed is null || computed.Revision <= snapshot.Revision)
            {
                computed = snapshot;
            }
        }

        return snapshot;
    }
}
