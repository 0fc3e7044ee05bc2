// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Building;
using Mesh.Xds.Snapshots;

namespace Mesh.Operator.Pipeline;

/// <summary>What the last run of the stages came to.</summary>
/// <param name="Built">The model with its findings.</param>
/// <param name="Snapshot">What was published; null before the first run.</param>
public sealed record PipelineState(BuildResult Built, MeshSnapshot? Snapshot)
{
    public static PipelineState Start { get; } = new(BuildResult.Empty, Snapshot: null);
}
