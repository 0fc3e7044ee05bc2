// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.Features;

[Description("An endpoint that answers badly is left out for a while. Not on policies that target a route.")]
public sealed record OutlierDetection
{
    [Description("This many answers of 5xx in a row eject an endpoint; 0 switches this off.")]
    [RangeMinimum(0)]
    [RangeMaximum(10000)]
    [DefaultValue("5", Json = true)]
    public int? Consecutive5xx { get; init; }

    [Description("This many answers of 502, 503 or 504 in a row eject an endpoint; 0 switches this off.")]
    [RangeMinimum(0)]
    [RangeMaximum(10000)]
    [DefaultValue("0", Json = true)]
    public int? ConsecutiveGatewayErrors { get; init; }

    [Description("How often endpoints are looked at.")]
    [Duration(IsPositive = true)]
    [DefaultValue("\"10s\"", Json = true)]
    public string? Interval { get; init; }

    [Description("How long the first ejection lasts; it grows with each further one.")]
    [Duration(IsPositive = true)]
    [DefaultValue("\"30s\"", Json = true)]
    public string? BaseEjectionTime { get; init; }

    [Description("Largest share of the endpoints that may be left out, in percent.")]
    [RangeMinimum(0)]
    [RangeMaximum(100)]
    [DefaultValue("10", Json = true)]
    public int? MaxEjectionPercent { get; init; }
}
