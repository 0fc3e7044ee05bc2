// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities.Attributes;

namespace Mesh.Crds.Features;

[Description("Bounds of what one node sends to the service at a time; all pods of that node share them. What exceeds a bound fails at once "
    + "with 503. Without a value a bound is open. Not on policies that target a route.")]
public sealed record ConnectionLimits
{
    [Description("Connections to the service.")]
    [RangeMinimum(1)]
    [RangeMaximum(1000000)]
    public int? MaxConnections { get; init; }

    [Description("Requests that wait for a connection.")]
    [RangeMinimum(1)]
    [RangeMaximum(1000000)]
    public int? MaxPendingRequests { get; init; }

    [Description("Requests under way.")]
    [RangeMinimum(1)]
    [RangeMaximum(1000000)]
    public int? MaxRequests { get; init; }

    [Description("Requests over one connection before it is closed.")]
    [RangeMinimum(1)]
    [RangeMaximum(1000000)]
    public int? MaxRequestsPerConnection { get; init; }

    [Description("Connections to one endpoint.")]
    [RangeMinimum(1)]
    [RangeMaximum(1000000)]
    public int? MaxConnectionsPerEndpoint { get; init; }
}
