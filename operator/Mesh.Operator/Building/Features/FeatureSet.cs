// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Settings;

namespace Mesh.Operator.Building.Features;

/// <summary>The features that one object gives at one level; a null one leaves that feature to the less specific levels.</summary>
internal sealed record FeatureSet
{
    public required ResourceRef Source { get; init; }

    public required TimeoutsFeature? Timeouts { get; init; }

    public required RetriesFeature? Retries { get; init; }

    public required LoadBalancingFeature? LoadBalancing { get; init; }

    public required ConnectionLimits? ConnectionLimits { get; init; }

    public required OutlierDetection? OutlierDetection { get; init; }

    public required Fault? FaultInjection { get; init; }

    public bool IsEmpty => Timeouts is null && Retries is null && LoadBalancing is null && ConnectionLimits is null
        && OutlierDetection is null && FaultInjection is null;
}

/// <param name="Route">The part that belongs to requests.</param>
/// <param name="Connect">The part that belongs to connections, which routes share.</param>
internal sealed record TimeoutsFeature(RouteTimeouts Route, TimeSpan? Connect);

/// <param name="Route">Null: retries are switched off.</param>
/// <param name="Budget">The part that belongs to the cluster, which routes share.</param>
internal sealed record RetriesFeature(Retries? Route, RetryBudget? Budget);

/// <param name="Cluster">How an endpoint is chosen.</param>
/// <param name="HashPolicies">What of a request is hashed; set on the routes that lead to the cluster.</param>
internal sealed record LoadBalancingFeature(LoadBalancing Cluster, EquatableArray<HashPolicy> HashPolicies);
