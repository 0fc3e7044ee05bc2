// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model.Settings;

/// <summary>Everything in effect on requests of one route.</summary>
public sealed record RouteSettings
{
    public required RouteTimeouts Timeouts { get; init; }

    /// <summary>Null: a request is sent once.</summary>
    public required Retries? Retries { get; init; }

    public required Fault? Fault { get; init; }

    /// <summary>Used where the endpoint is chosen by hash.</summary>
    public required EquatableArray<HashPolicy> HashPolicies { get; init; }

    public static RouteSettings Default { get; } = new()
    {
        Timeouts = RouteTimeouts.None,
        Retries = null,
        Fault = null,
        HashPolicies = [],
    };
}

/// <summary>Time limits of one request. Null or zero means none.</summary>
public sealed record RouteTimeouts
{
    /// <summary>From the whole request received to the whole answer sent, all retries included.</summary>
    public required TimeSpan? Request { get; init; }

    /// <summary>Without a byte in either direction.</summary>
    public required TimeSpan? StreamIdle { get; init; }

    /// <summary>Of a stream's whole life, long-lived ones included; also bounds the <c>grpc-timeout</c> that a client may ask for.</summary>
    public required TimeSpan? MaxStreamDuration { get; init; }

    public static RouteTimeouts None { get; } = new() { Request = null, StreamIdle = null, MaxStreamDuration = null };
}

/// <summary>When and how a failed request is sent again.</summary>
public sealed record Retries
{
    /// <summary>Times that a request is sent again, 1–10.</summary>
    public required uint Attempts { get; init; }

    public required EquatableArray<RetryCondition> On { get; init; }

    /// <summary>Answers that are retried, 400–599, sorted.</summary>
    public required EquatableArray<int> StatusCodes { get; init; }

    public required TimeSpan? PerTryTimeout { get; init; }

    /// <summary>First wait; it doubles for each further try, with jitter.</summary>
    public required TimeSpan BackoffBase { get; init; }

    public required TimeSpan BackoffMaximum { get; init; }
}

/// <summary>What counts as failed.</summary>
public enum RetryCondition
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

/// <summary>Faults put into a share of the requests, to see how callers bear them.</summary>
public sealed record Fault
{
    public required FaultDelay? Delay { get; init; }

    public required FaultAbort? Abort { get; init; }
}

/// <param name="Duration">How long a request is held.</param>
/// <param name="PercentMillionths">Share of the requests in millionths, 0–1000000.</param>
public sealed record FaultDelay(TimeSpan Duration, uint PercentMillionths);

/// <param name="HttpStatus">200–599, or null.</param>
/// <param name="GrpcStatus">0–16, or null; just one of the two is given.</param>
/// <param name="PercentMillionths">Share of the requests in millionths, 0–1000000.</param>
public sealed record FaultAbort(int? HttpStatus, int? GrpcStatus, uint PercentMillionths);
