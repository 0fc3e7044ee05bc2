// SPDX-License-Identifier: Apache-2.0
using OutlierMessage = Envoy.Config.Cluster.V3.OutlierDetection;

namespace Mesh.Xds.Translation.Features;

/// <summary>When an endpoint that answers badly is left out for a while.</summary>
internal static class OutlierDetection
{
    /// <summary>Envoy's own default; an ejection may not be longer than this, so a longer base raises it.</summary>
    private static readonly TimeSpan MaximumEjectionTime = TimeSpan.FromMinutes(5);

    public static OutlierMessage Build(Model.Settings.OutlierDetection settings) => new()
    {
        Consecutive5Xx = CountOf(settings.Consecutive5xx),
        EnforcingConsecutive5Xx = Enforcing(settings.Consecutive5xx),
        ConsecutiveGatewayFailure = CountOf(settings.ConsecutiveGatewayErrors),
        EnforcingConsecutiveGatewayFailure = Enforcing(settings.ConsecutiveGatewayErrors),

        // The statistical detectors need many endpoints and much traffic on one node; nobody asked for them.
        EnforcingSuccessRate = 0,
        Interval = settings.Interval.ToDuration(),
        BaseEjectionTime = settings.BaseEjectionTime.ToDuration(),
        MaxEjectionTime = (settings.BaseEjectionTime > MaximumEjectionTime ? settings.BaseEjectionTime : MaximumEjectionTime).ToDuration(),
        MaxEjectionPercent = (uint)settings.MaxEjectionPercent,

        // Else a service of a few endpoints, where one is more than the percentage, could never eject any.
        AlwaysEjectOneHost = settings.MaxEjectionPercent > 0,
    };

    private static uint Enforcing(uint count) => count > 0 ? 100u : 0u;

    private static uint? CountOf(uint count) => count > 0 ? count : null;
}
