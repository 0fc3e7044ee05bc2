// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using Mesh.Model;

namespace Mesh.Xds.Snapshots;

/// <summary>The pods by the node they run on, made once per change of the pods and not once per node.</summary>
internal sealed class WorkloadIndex
{
    private readonly EquatableArray<Workload> all;
    private readonly EquatableArray<Workload> everywhere;
    private readonly FrozenDictionary<NodeName, EquatableArray<Workload>> byNode;

    private WorkloadIndex(EquatableArray<Workload> all)
    {
        this.all = all;
        everywhere = all.Where(w => w.Node is null).ToEquatableArray();
        byNode = all.Where(w => w.Node is not null)
            .GroupBy(w => w.Node.GetValueOrDefault())
            .ToFrozenDictionary(g => g.Key, g => g.ToEquatableArray());
    }

    public static WorkloadIndex Empty { get; } = new([]);

    /// <summary>The index of <paramref name="workloads"/>: this very one when it is made of the same list.</summary>
    public WorkloadIndex For(EquatableArray<Workload> workloads) =>
        workloads.AsSpan() == all.AsSpan() ? this : new WorkloadIndex(workloads);

    /// <summary>The pods of <paramref name="node"/>, and those of which nobody knows where they run.</summary>
    public EquatableArray<Workload> Of(NodeName node)
    {
        if (!byNode.TryGetValue(node, out var own))
        {
            return everywhere;
        }

        return everywhere.IsEmpty ? own : everywhere.Concat(own).ToEquatableArray();
    }
}
