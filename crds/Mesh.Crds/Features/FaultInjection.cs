// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.Features;

[Description("Faults put into a share of the requests, to see how callers bear them.")]
[ValidationRule("has(self.delay) || has(self.abort)", message: "give delay, abort or both")]
public sealed record FaultInjection
{
    [Description("Holds requests before they are sent on.")]
    public FaultDelay? Delay { get; init; }

    [Description("Answers requests with an error in place of the service.")]
    public FaultAbort? Abort { get; init; }
}

[Description("A delay.")]
[ValidationRule("!has(self.percent) || self.percent == 0.0 || self.percent >= 0.0001",
    message: "percent must be 0 or at least 0.0001: Envoy counts in millionths")]
public sealed record FaultDelay
{
    [Description("How long.")]
    [Required]
    [Duration(IsPositive = true)]
    public string? Duration { get; init; }

    [Description("Share of the requests, in percent; fractions down to 0.0001.")]
    [RangeMinimum(0)]
    [RangeMaximum(100)]
    [DefaultValue("100", Json = true)]
    public double? Percent { get; init; }
}

[Description("An error answer.")]
[ValidationRule("!has(self.percent) || self.percent == 0.0 || self.percent >= 0.0001",
    message: "percent must be 0 or at least 0.0001: Envoy counts in millionths")]
[ValidationRule("has(self.httpStatus) != has(self.grpcStatus)", message: "give either httpStatus or grpcStatus")]
public sealed record FaultAbort
{
    [Description("The HTTP status to answer with.")]
    [RangeMinimum(200)]
    [RangeMaximum(599)]
    public int? HttpStatus { get; init; }

    [Description("The gRPC status code to answer with, 14 (UNAVAILABLE) say.")]
    [RangeMinimum(1)]
    [RangeMaximum(16)]
    public int? GrpcStatus { get; init; }

    [Description("Share of the requests, in percent; fractions down to 0.0001.")]
    [RangeMinimum(0)]
    [RangeMaximum(100)]
    [DefaultValue("100", Json = true)]
    public double? Percent { get; init; }
}
