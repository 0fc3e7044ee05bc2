// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Thresholds = Envoy.Config.Cluster.V3.CircuitBreakers.Types.Thresholds;

namespace Mesh.Xds.Translation.Features;

/// <summary>
/// Bounds of what this node sends to a service at a time. A bound that nobody sets is open: Envoy's own default of 1024 is meant for an
/// edge, and all pods of a node share it.
/// </summary>
internal static class ConnectionLimits
{
    public static CircuitBreakers Build(Model.Settings.ConnectionLimits? limits)
    {
        var breakers = new CircuitBreakers();
        breakers.Thresholds.Add(new Thresholds
        {
            MaxConnections = limits?.MaxConnections ?? ProtoValues.Unbounded,
            MaxPendingRequests = limits?.MaxPendingRequests ?? ProtoValues.Unbounded,
            MaxRequests = limits?.MaxRequests ?? ProtoValues.Unbounded,
        });
        if (limits?.MaxConnectionsPerEndpoint is { } perEndpoint)
        {
            breakers.PerHostThresholds.Add(new Thresholds { MaxConnections = perEndpoint });
        }

        return breakers;
    }
}
