// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Policies;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>What a Mesh, a policy or a route says, as far as it does not depend on others of its kind.</summary>
/// <param name="Findings">What is wrong with it.</param>
internal sealed record Reading(EquatableArray<Finding> Findings)
{
    /// <summary>Of a valid Mesh.</summary>
    public MeshBasis? Mesh { get; init; }

    /// <summary>Of a policy that is valid and has a target.</summary>
    public CompiledPolicy? Policy { get; init; }

    /// <summary>Of a route with a Service as parent.</summary>
    public CompiledRoute? Route { get; init; }

    public static bool IsOf(ObjectKey key) => key.Kind is "Mesh" or "TrafficPolicy" or "HTTPRoute" or "GRPCRoute";

    /// <summary>Null where there is no such object, or it is another controller's.</summary>
    public static Reading? Build(ObjectKey key, Lookups lookups) => lookups.Self switch
    {
        MeshConfiguration mesh => MeshBuilder.Build(key, mesh),
        TrafficPolicy policy => PolicyBuilder.Build(key, policy, lookups),
        HTTPRoute route => RoutesBuilder.Build(key, route, lookups),
        GRPCRoute route => RoutesBuilder.Build(key, route, lookups),
        _ => null,
    };
}
