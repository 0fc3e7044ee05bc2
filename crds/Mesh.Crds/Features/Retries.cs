// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.Features;

[Description("When and how a failed request is sent again.")]
public sealed record Retries
{
    [Description("How many times a request is sent again at most; 0 switches retries off.")]
    [RangeMinimum(0)]
    [RangeMaximum(10)]
    [DefaultValue("2", Json = true)]
    public int? Attempts { get; init; }

    [Description("What counts as failed. Without a value and without statusCodes: ConnectFailure, RefusedStream and GrpcUnavailable, "
        + "the failures after which the request was certainly not processed.")]
    [Items(0, 12)]
    [XListType(XListType.Set)]
    public IReadOnlyList<RetryOn>? RetryOn { get; init; }

    [Description("HTTP statuses that count as failed.")]
    [Items(0, 16)]
    [XListType(XListType.Set)]
    [RangeMinimum(400)]
    [RangeMaximum(599)]
    public IReadOnlyList<int>? StatusCodes { get; init; }

    [Description("Limit of each try.")]
    [Duration]
    public string? PerTryTimeout { get; init; }

    [Description("Waits between tries.")]
    public RetryBackoff? Backoff { get; init; }

    [Description("Bounds retries to a share of the requests under way on a node, so that retries cannot become a storm. "
        + "Not on policies that target a route.")]
    public RetryBudget? Budget { get; init; }
}

public enum RetryOn
{
    ConnectFailure,
    RefusedStream,
    Reset,
    ResetBeforeRequest,
    ServerError,
    GatewayError,
    RetriableClientError,
    GrpcCancelled,
    GrpcDeadlineExceeded,
    GrpcInternal,
    GrpcResourceExhausted,
    GrpcUnavailable,
}

[Description("The first wait; it doubles for each further try up to the maximum, with jitter.")]
[ValidationRule("!has(self.maximum) || duration(self.maximum) >= duration(self.base)", message: "maximum must not be less than base")]
public sealed record RetryBackoff
{
    [Description("First wait, at least 1ms.")]
    [Duration(IsPositive = true)]
    [DefaultValue("\"25ms\"", Json = true)]
    public string? Base { get; init; }

    [Description("Longest wait; ten times base without a value.")]
    [Duration(IsPositive = true)]
    public string? Maximum { get; init; }
}

[Description("A bound of retries under way at a time.")]
public sealed record RetryBudget
{
    [Description("Share of the active and pending requests, in percent.")]
    [RangeMinimum(0)]
    [RangeMaximum(100)]
    [DefaultValue("20", Json = true)]
    public int? Percent { get; init; }

    [Description("Retries that are always allowed at a time.")]
    [RangeMinimum(0)]
    [RangeMaximum(10000)]
    [DefaultValue("3", Json = true)]
    public int? MinimumConcurrency { get; init; }
}
