// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>
/// Makes the mesh model of the resources: pure, total, and deterministic. What a user wrote wrongly is absent from the model and told in
/// a finding.
/// </summary>
public static class ModelBuilder
{
    public static BuildResult Build(ResourceSet resources) => FullBuild.Build(resources, previous: null, keepsEndpoints: false);

    /// <summary>
    /// The same result as <see cref="Build"/> of the new state, with whatever did not change taken over as the same objects. Endpoints
    /// change often: when nothing else did, only the services they belong to are looked at. When only rules did, endpoints are not.
    /// </summary>
    public static BuildResult Update(BuildResult previous, StoreChange change)
    {
        ArgumentNullException.ThrowIfNull(previous);
        ArgumentNullException.ThrowIfNull(change);
        var quick = previous.Index is { } index && change.Changed.All(key => EndpointUpdate.Handles(key.Kind))
            ? EndpointUpdate.Apply(previous, index, change)
            : null;
        return quick ?? FullBuild.Build(change.Resources, previous, keepsEndpoints: change.Changed.All(IsRule));
    }

    /// <summary>Kinds that shape what is done with requests, and never which endpoints there are.</summary>
    private static bool IsRule(ObjectKey key) => key.Kind is "Mesh" or "TrafficPolicy" or "HTTPRoute" or "GRPCRoute";
}
