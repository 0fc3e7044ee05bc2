// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Route.V3;
using Mesh.Model.Settings;
using HashMessage = Envoy.Config.Route.V3.RouteAction.Types.HashPolicy;
using StreamDuration = Envoy.Config.Route.V3.RouteAction.Types.MaxStreamDuration;

namespace Mesh.Xds.Translation.Proxyless;

/// <summary>Settings of a route as far as gRPC knows them: deadlines (gRFC A31), retries (A44), hashes (A42).</summary>
internal static class CallSettings
{
    // gRPC's own filter state: a hash of the channel, which is what a client has in place of its source address.
    private const string ChannelId = "io.grpc.channel_id";

    /// <summary>Both limits are a deadline of the call; the shorter one holds. gRPC does not read Envoy's route time-out.</summary>
    public static StreamDuration? Deadline(RouteTimeouts timeouts)
    {
        var limits = new[] { timeouts.Request, timeouts.MaxStreamDuration }.OfType<TimeSpan>().Where(limit => limit > TimeSpan.Zero).ToList();
        return limits.Count == 0 ? null : new StreamDuration { MaxStreamDuration_ = limits.Min().ToDuration() };
    }

    /// <summary>Null where none of the conditions is one of gRPC's.</summary>
    public static RetryPolicy? Retries(Model.Settings.Retries? retries)
    {
        var conditions = retries?.On.Select(Name).OfType<string>().ToList() ?? [];
        if (retries is null || conditions.Count == 0)
        {
            return null;
        }

        return new RetryPolicy
        {
            RetryOn = string.Join(',', conditions),
            NumRetries = retries.Attempts,
            RetryBackOff = new RetryPolicy.Types.RetryBackOff
            {
                BaseInterval = retries.BackoffBase.ToDuration(),
                MaxInterval = (retries.BackoffMaximum > retries.BackoffBase ? retries.BackoffMaximum : retries.BackoffBase).ToDuration(),
            },
        };
    }

    public static IEnumerable<HashMessage> Hashes(IEnumerable<HashPolicy> policies) => policies.Select(Hash).OfType<HashMessage>();

    /// <summary>Cookies and query parameters are of browsers: a gRPC call carries none, so that the next policy decides.</summary>
    private static HashMessage? Hash(HashPolicy policy) => policy.Source switch
    {
        HashSource.Header => new HashMessage { Header = new HashMessage.Types.Header { HeaderName = policy.Name }, Terminal = true },
        HashSource.SourceAddress => new HashMessage { FilterState = new HashMessage.Types.FilterState { Key = ChannelId }, Terminal = true },
        HashSource.Cookie or HashSource.QueryParameter => null,
    };

    /// <summary>
    /// A call that did not reach a server's application is sent again by gRPC itself, asked or not (A6), so the first conditions need no word.
    /// The last are about answers of HTTP, which gRPC does not look at.
    /// </summary>
    private static string? Name(RetryCondition condition) => condition switch
    {
        RetryCondition.GrpcCancelled => "cancelled",
        RetryCondition.GrpcDeadlineExceeded => "deadline-exceeded",
        RetryCondition.GrpcInternal => "internal",
        RetryCondition.GrpcResourceExhausted => "resource-exhausted",
        RetryCondition.GrpcUnavailable => "unavailable",
        RetryCondition.ConnectFailure or RetryCondition.RefusedStream or RetryCondition.ResetBeforeRequest => null,
        RetryCondition.Reset or RetryCondition.ServerError or RetryCondition.GatewayError or RetryCondition.RetriableClientError => null,
    };
}
