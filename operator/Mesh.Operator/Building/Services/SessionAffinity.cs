// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Settings;
using Mesh.Operator.Building.Features;

namespace Mesh.Operator.Building.Services;

/// <summary>
/// <c>sessionAffinity: ClientIP</c>. Hashing keeps a client at its endpoint without any memory, on every node alike, and has no need of a time after
/// which to forget it; an endpoint that comes or goes moves its own share of the clients and no others.
/// </summary>
internal static class SessionAffinity
{
    private static readonly LoadBalancingFeature ByClient = new(
        LoadBalancing.Default with { Algorithm = LoadBalancingAlgorithm.Maglev },
        [new HashPolicy(HashSource.SourceAddress, "", CookieTtl: null)]);

    public static FeatureSet Of(ResourceRef service) => new()
    {
        Source = service,
        Timeouts = null,
        Retries = null,
        LoadBalancing = ByClient,
        ConnectionLimits = null,
        OutlierDetection = null,
        FaultInjection = null,
    };
}
