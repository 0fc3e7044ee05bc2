// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Model.Settings;
using Mesh.Testing;

namespace Mesh.Tests.Translation.Proxyless;

/// <summary>Ports with all settings, and without the filters that would make their rules fail.</summary>
internal static class ProxylessExample
{
    public static ServicePort First { get; } = Plain(FullExample.First, timeouts => timeouts);

    /// <summary>Of two limits only the shorter one shows, so here is the other one.</summary>
    public static ServicePort Second { get; } = Plain(FullExample.Second, timeouts => timeouts with { Request = null });

    public static RouteRule Rule(Func<RouteRule, RouteRule> change) =>
        change(Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(FullExample.Target)));

    public static ServicePort Port(params IEnumerable<RouteRule> rules) =>
        Meshes.ServicePort(FullExample.Target) with { Routes = Meshes.Routes(rules) };

    private static ServicePort Plain(ServicePort port, Func<RouteTimeouts, RouteTimeouts> change) => port with
    {
        Routes = Meshes.Routes(port.Routes.Producer.Select(rule => rule.Action.Match(forward => Plain(rule, forward, change), _ => rule))),
    };

    private static RouteRule Plain(RouteRule rule, RouteAction.Forward forward, Func<RouteTimeouts, RouteTimeouts> change) => rule with
    {
        Match = rule.Match with
        {
            Method = null,
            QueryParameters = [],
            Headers = [.. rule.Match.Headers, new ValueMatch("x-user", ValueMatchKind.RegularExpression, "a.*")],
        },
        Action = forward with
        {
            PathRewrite = null,
            HostRewrite = null,
            Backends = [.. forward.Backends.Select(backend => backend with { RequestHeaders = HeaderChanges.None, ResponseHeaders = HeaderChanges.None })],
        },
        RequestHeaders = HeaderChanges.None,
        ResponseHeaders = HeaderChanges.None,
        Mirrors = [],
        Settings = rule.Settings with
        {
            Timeouts = change(rule.Settings.Timeouts),
            HashPolicies = [new HashPolicy(HashSource.Header, "x-session", CookieTtl: null), new HashPolicy(HashSource.SourceAddress, "", CookieTtl: null)],
            Retries = rule.Settings.Retries is { } retries ? retries with { On = [.. retries.On, RetryCondition.GrpcUnavailable] } : null,
        },
    };
}
