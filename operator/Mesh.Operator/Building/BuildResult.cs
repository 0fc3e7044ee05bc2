// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>What <see cref="ModelBuilder"/> made of a set of resources.</summary>
public sealed record BuildResult
{
    public required ResourceSet Resources { get; init; }

    public required MeshModel Model { get; init; }

    /// <summary>Findings of every object that has any.</summary>
    public required ImmutableDictionary<ObjectKey, EquatableArray<Finding>> Findings { get; init; }

    /// <summary>
    /// What each policy and route contributes to: an object without an entry is of no interest to any proxy (refused, or without target).
    /// </summary>
    public required ImmutableDictionary<ObjectKey, Contribution> Contributions { get; init; }

    /// <summary>Namespaces with clients, as the findings know them.</summary>
    internal ImmutableHashSet<string> Enrolled { get; init; } = [];

    /// <summary>Null where nothing was built yet.</summary>
    internal EndpointIndex? Index { get; init; }

    public static BuildResult Empty { get; } = new()
    {
        Resources = ResourceSet.Empty,
        Model = MeshModel.Empty,
        Findings = ImmutableDictionary<ObjectKey, EquatableArray<Finding>>.Empty,
        Contributions = ImmutableDictionary<ObjectKey, Contribution>.Empty,
    };
}

/// <summary>Where an accepted object has effect.</summary>
/// <param name="Reference">The object at the generation that the model holds.</param>
/// <param name="Ports">Service ports whose routes or cluster stem from it, sorted.</param>
public sealed record Contribution(ResourceRef Reference, EquatableArray<ServicePortName> Ports);
