// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model.Settings;

/// <summary>Bounds of what one node's Envoy sends to the service at a time; null leaves that bound open.</summary>
public sealed record ConnectionLimits
{
    /// <summary>Connections to the service from this node.</summary>
    public required uint? MaxConnections { get; init; }

    /// <summary>Requests that wait for a connection.</summary>
    public required uint? MaxPendingRequests { get; init; }

    /// <summary>Requests under way.</summary>
    public required uint? MaxRequests { get; init; }

    /// <summary>Requests over one connection before it is closed.</summary>
    public required uint? MaxRequestsPerConnection { get; init; }

    /// <summary>Connections to one endpoint.</summary>
    public required uint? MaxConnectionsPerEndpoint { get; init; }
}

/// <summary>Bounds retries to a share of the requests under way.</summary>
/// <param name="Percent">0–100 % of active and pending requests.</param>
/// <param name="MinimumConcurrency">Retries always allowed at a time.</param>
public sealed record RetryBudget(int Percent, uint MinimumConcurrency);

/// <summary>When an endpoint that answers badly is left out for a while. A count of 0 switches that detector off.</summary>
public sealed record OutlierDetection
{
    public required uint Consecutive5xx { get; init; }

    public required uint ConsecutiveGatewayErrors { get; init; }

    public required TimeSpan Interval { get; init; }

    public required TimeSpan BaseEjectionTime { get; init; }

    /// <summary>0–100 % of the endpoints.</summary>
    public required int MaxEjectionPercent { get; init; }
}
