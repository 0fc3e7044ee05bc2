// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Xds.Snapshots;

namespace Mesh.Operator.Pipeline;

/// <summary>The order of the stages between store and publication.</summary>
internal static class Stages
{
    public static PipelineState Run(PipelineState before, StoreChange change)
    {
        var built = ModelBuilder.Update(before.Built, change);
        return new PipelineState(built, SnapshotBuilder.Build(built.Model, before.Snapshot));
    }
}
