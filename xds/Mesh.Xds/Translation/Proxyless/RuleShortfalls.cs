// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Model.Settings;

namespace Mesh.Xds.Translation.Proxyless;

/// <summary>
/// What gRPC cannot do of a rule. A match or filter that is skipped would make another rule of it, so its calls fail (Gateway API: a filter
/// must not be skipped); a setting that only tunes how the call is made is left out.
/// </summary>
internal static class RuleShortfalls
{
    private static readonly RetryCondition[] OfHttp =
        [RetryCondition.Reset, RetryCondition.ServerError, RetryCondition.GatewayError, RetryCondition.RetriableClientError];

    // gRPC makes five attempts at most, whatever it is told (A6).
    private const uint MostRetries = 4;

    public static IEnumerable<(bool FailsClosed, string What)> Of(RouteRule rule) =>
        OfMatch(rule).Concat(OfFilters(rule)).Select(what => (true, what)).Concat(OfSettings(rule.Settings).Select(what => (false, what)));

    private static IEnumerable<string> OfMatch(RouteRule rule) =>
        CallMatches.UnseenHeaders(rule.Match).Select(header => $"matching the header {header}")
            .Concat(rule.Settings.HashPolicies
                .Where(policy => policy.Source == HashSource.Header && CallMatches.IsUnseen(policy.Name))
                .Select(policy => $"hashing the header {policy.Name}"));

    private static IEnumerable<string> OfFilters(RouteRule rule) => rule.Action.Match(
        forward => new (bool IsAsked, string What)[]
        {
            (forward.PathRewrite is not null, "a rewrite of the path"),
            (forward.HostRewrite is not null, "a rewrite of the host"),
            (ChangesHeaders(rule, forward), "changes of headers"),
            (!rule.Mirrors.IsEmpty, "mirrors"),
        }.Where(pair => pair.IsAsked).Select(pair => pair.What),
        _ => ["redirects"]);

    private static bool ChangesHeaders(RouteRule rule, RouteAction.Forward forward) =>
        !rule.RequestHeaders.IsEmpty
        || !rule.ResponseHeaders.IsEmpty
        || forward.Backends.Any(backend => !backend.RequestHeaders.IsEmpty || !backend.ResponseHeaders.IsEmpty);

    private static IEnumerable<string> OfSettings(RouteSettings settings)
    {
        var retries = settings.Retries;
        return new (bool IsAsked, string What)[]
        {
            (settings.Timeouts.StreamIdle > TimeSpan.Zero, "an idle time-out of streams"),
            (retries?.PerTryTimeout > TimeSpan.Zero, "a time-out per try"),
            (retries is not null && (!retries.StatusCodes.IsEmpty || retries.On.Any(OfHttp.Contains)), "retries on HTTP answers"),
            (retries?.Attempts > MostRetries, "more than four retries"),
            (settings.HashPolicies.Any(policy => policy.CookieTtl is not null), "making cookies to hash"),
        }.Where(pair => pair.IsAsked).Select(pair => pair.What);
    }
}
