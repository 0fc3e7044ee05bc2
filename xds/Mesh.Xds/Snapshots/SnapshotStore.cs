// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Mesh.Model;

namespace Mesh.Xds.Snapshots;

/// <summary>
/// The newest snapshot and those who wait for a newer one. A subscriber that is slow misses the states in between and costs a reference;
/// what a node adds to the mesh's snapshot is computed once, whatever the number of streams of that node.
/// </summary>
/// <param name="forNode">Makes a node's snapshot out of the mesh's, given the node's one before.</param>
public sealed class SnapshotStore(Func<MeshSnapshot, MeshNode, NodeSnapshot?, NodeSnapshot> forNode)
{
    private readonly Lock gate = new();
    private readonly Dictionary<MeshNode, NodePart> parts = [];
    private Published published = new(null);

    public MeshSnapshot? Current => Volatile.Read(ref published).Mesh;

    /// <summary>
    /// What each connected node was given last, sorted by node. A stream books in the ledger after it was given another one, so whoever waits
    /// for the ledger and then looks here misses nothing.
    /// </summary>
    public ImmutableArray<NodeSnapshot> Nodes
    {
        get
        {
            lock (gate)
            {
                return [.. parts.Values
                    .Select(static part => part.Newest)
                    .OfType<NodeSnapshot>()
                    .OrderBy(static snapshot => snapshot.Node.Value, StringComparer.Ordinal)];
            }
        }
    }

    public void Publish(MeshSnapshot mesh)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        Interlocked.Exchange(ref published, new Published(mesh)).Replaced.SetResult();
    }

    /// <summary>The node's newest snapshot as soon as there is one, and from then on whenever another one is the newest.</summary>
    public async IAsyncEnumerable<NodeSnapshot> SubscribeAsync(MeshNode node, [EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(node);
        var part = Enter(node);
        try
        {
            NodeSnapshot? seen = null;
            while (true)
            {
                var state = Volatile.Read(ref published);
                if (state.Mesh is not null)
                {
                    var snapshot = part.At(state.Mesh);
                    if (!ReferenceEquals(snapshot, seen))
                    {
                        seen = snapshot;
                        yield return snapshot;
                    }
                }

                await state.Replaced.Task.WaitAsync(ct);
            }
        }
        finally
        {
            Leave(node, part);
        }
    }

    private NodePart Enter(MeshNode node)
    {
        lock (gate)
        {
            if (!parts.TryGetValue(node, out var part))
            {
                parts.Add(node, part = new NodePart(forNode, node));
            }

            part.Subscribers++;
            return part;
        }
    }

    private void Leave(MeshNode node, NodePart part)
    {
        lock (gate)
        {
            if (--part.Subscribers == 0)
            {
                parts.Remove(node);
            }
        }
    }

    private sealed class Published(MeshSnapshot? mesh)
    {
        public MeshSnapshot? Mesh => mesh;

        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
