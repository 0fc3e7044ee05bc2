// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Route.V3;
using Envoy.Extensions.Retry.Host.PreviousHosts.V3;
using Mesh.Model.Settings;

namespace Mesh.Xds.Translation.Features;

/// <summary>When and how a failed request is sent again; another endpoint is preferred.</summary>
internal static class Retries
{
    private const int HostSelectionAttempts = 3;

    public static RetryPolicy Build(Model.Settings.Retries retries)
    {
        var policy = new RetryPolicy
        {
            RetryOn = string.Join(',', Conditions(retries)),
            NumRetries = retries.Attempts,
            PerTryTimeout = retries.PerTryTimeout is { } limit && limit > TimeSpan.Zero ? limit.ToDuration() : null,
            RetryBackOff = new RetryPolicy.Types.RetryBackOff
            {
                BaseInterval = retries.BackoffBase.ToDuration(),

                // Envoy refuses a maximum below the base.
                MaxInterval = (retries.BackoffMaximum > retries.BackoffBase ? retries.BackoffMaximum : retries.BackoffBase).ToDuration(),
            },
            HostSelectionRetryMaxAttempts = HostSelectionAttempts,
        };
        policy.RetryHostPredicate.Add(new RetryPolicy.Types.RetryHostPredicate
        {
            Name = "envoy.retry_host_predicates.previous_hosts",
            TypedConfig = ProtoValues.Pack(new PreviousHostsPredicate()),
        });
        policy.RetriableStatusCodes.AddRange(retries.StatusCodes.Select(code => (uint)code));
        return policy;
    }

    private static IEnumerable<string> Conditions(Model.Settings.Retries retries)
    {
        foreach (var condition in retries.On)
        {
            yield return Name(condition);
        }

        if (!retries.StatusCodes.IsEmpty)
        {
            yield return "retriable-status-codes";
        }
    }

    private static string Name(RetryCondition condition) => condition switch
    {
        RetryCondition.ConnectFailure => "connect-failure",
        RetryCondition.RefusedStream => "refused-stream",
        RetryCondition.Reset => "reset",
        RetryCondition.ResetBeforeRequest => "reset-before-request",
        RetryCondition.ServerError => "5xx",
        RetryCondition.GatewayError => "gateway-error",
        RetryCondition.RetriableClientError => "retriable-4xx",
        RetryCondition.GrpcCancelled => "cancelled",
        RetryCondition.GrpcDeadlineExceeded => "deadline-exceeded",
        RetryCondition.GrpcInternal => "internal",
        RetryCondition.GrpcResourceExhausted => "resource-exhausted",
        RetryCondition.GrpcUnavailable => "unavailable",
    };
}
