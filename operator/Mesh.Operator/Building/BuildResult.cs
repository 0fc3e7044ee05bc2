// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Building.Facts;
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

    /// <summary>What the next build starts from; null where nothing was built yet.</summary>
    internal BuildMemory? Memory { get; init; }

    public static BuildResult Empty { get; } = new()
    {
        Resources = ResourceSet.Empty,
        Model = MeshModel.Empty,
        Findings = ImmutableDictionary<ObjectKey, EquatableArray<Finding>>.Empty,
        Contributions = ImmutableDictionary<ObjectKey, Contribution>.Empty,
    };
}

/// <summary>Results of the steps, kept so that the next build makes anew only what a change concerns.</summary>
/// <param name="Book">What rules which service.</param>
/// <param name="Services">The services of the model.</param>
/// <param name="Verdicts">What is wrong with objects.</param>
/// <param name="Index">Which endpoints are of which service.</param>
internal sealed record BuildMemory(RuleBook Book, Results<MeshService> Services, Results<Verdict> Verdicts, EndpointIndex Index)
{
    public static BuildMemory Empty { get; } = new(RuleBook.Empty, Results<MeshService>.None, Results<Verdict>.None, EndpointIndex.Empty);
}

/// <summary>Where an accepted object has effect.</summary>
/// <param name="Reference">The object at the generation that the model holds.</param>
/// <param name="Ports">Service ports whose routes or cluster stem from it, sorted.</param>
public sealed record Contribution(ResourceRef Reference, EquatableArray<ServicePortName> Ports);
