// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>
/// Makes the mesh model of the resources: pure, total, and deterministic. What a user wrote wrongly is absent from the model and told in
/// a finding.
/// </summary>
public static class ModelBuilder
{
    public static BuildResult Build(ResourceSet resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        var built = FromNothing(resources);
        return built with { Model = built.Model with { Changes = null } };
    }

    /// <summary>
    /// The same result as <see cref="Build"/> of the new state, with whatever did not change taken over as the same objects. The cost follows
    /// what the changed objects concern.
    /// </summary>
    public static BuildResult Update(BuildResult previous, StoreChange change)
    {
        ArgumentNullException.ThrowIfNull(previous);
        ArgumentNullException.ThrowIfNull(change);
        return previous.Memory is null ? FromNothing(change.Resources) : ModelUpdate.Apply(previous, change);
    }

    /// <summary>Every object is new to it, whatever a change says.</summary>
    private static BuildResult FromNothing(ResourceSet resources) =>
        ModelUpdate.Apply(BuildResult.Empty, new StoreChange(resources, resources.Keys.ToHashSet()));
}
