// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Features;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Policies;

/// <summary>What a policy is attached to: the level of the hierarchy and the object at it.</summary>
/// <param name="Kind">Kind of the object.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Section">A Service's port number, or a route's rule name; empty for the whole object.</param>
internal readonly record struct TargetKey(PolicyTargetKind Kind, string Namespace, string Name, string Section)
{
    /// <summary>The object, whatever section of it is meant.</summary>
    public ObjectKey Object => Kind switch
    {
        PolicyTargetKind.Namespace => Services.Enrolment.KeyOf(Name),
        PolicyTargetKind.Service => new ObjectKey("Service", Namespace, Name),
        PolicyTargetKind.HTTPRoute => new ObjectKey("HTTPRoute", Namespace, Name),
        PolicyTargetKind.GRPCRoute => new ObjectKey("GRPCRoute", Namespace, Name),
    };
}

/// <summary>A target that exists.</summary>
/// <param name="Index">Its place in targetRefs.</param>
/// <param name="Key">What it is.</param>
/// <param name="Display">As a message names it, <c>Service/cart</c> say.</param>
/// <param name="Ports">The service ports it covers; empty for a route.</param>
internal sealed record PolicyTarget(
    int Index, TargetKey Key, string Display, IReadOnlyList<Services.CatalogPort> Ports);

/// <summary>A policy that is valid in itself.</summary>
internal sealed record CompiledPolicy
{
    public required UserObject Source { get; init; }

    public required FeatureSet Features { get; init; }

    public required IReadOnlyList<CompiledRule> Rules { get; init; }

    /// <summary>Sorted by index.</summary>
    public required IReadOnlyList<PolicyTarget> Targets { get; init; }

    /// <summary>Fields in use that have a meaning for HTTP only.</summary>
    public required IReadOnlyList<string> HttpFields { get; init; }
}
