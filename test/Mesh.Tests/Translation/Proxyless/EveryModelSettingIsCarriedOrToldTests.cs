// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Model.Settings;
using Mesh.Testing;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation.Proxyless;

namespace Mesh.Tests.Translation.Proxyless;

internal sealed class EveryModelSettingIsCarriedOrToldTests
{
    /// <summary>
    /// What gRPC cannot do. A setting that is new is red here until somebody has decided: it changes what clients are sent, or it is told as
    /// a shortfall, or it says nothing to them.
    /// </summary>
    private static readonly string[] Told =
    [
        "ClusterSettings.ConnectTimeout", "ConnectionLimits.MaxConnections", "ConnectionLimits.MaxPendingRequests",
        "ConnectionLimits.MaxRequestsPerConnection", "ConnectionLimits.MaxConnectionsPerEndpoint", "OutlierDetection.Consecutive5xx",
        "OutlierDetection.ConsecutiveGatewayErrors", "OutlierDetection.Interval", "OutlierDetection.BaseEjectionTime",
        "OutlierDetection.MaxEjectionPercent", "RetryBudget.Percent", "RetryBudget.MinimumConcurrency", "SlowStart.Window",
        "SlowStart.MinimumWeightPercent", "RouteTimeouts.StreamIdle", "Retries.StatusCodes", "Retries.PerTryTimeout", "HashPolicy.CookieTtl",
        "HeaderChanges.Set", "HeaderChanges.Add", "HeaderChanges.Remove", "HeaderValue.Name", "HeaderValue.Value", "Mirror.Backend",
        "Mirror.ShareMillionths", "Forward.PathRewrite", "Forward.HostRewrite", "PathRewrite.IsPrefix", "PathRewrite.Value", "Redirect.Scheme",
        "Redirect.Hostname", "Redirect.Port", "Redirect.StatusCode", "RouteRule.Mirrors",
    ];

    // A call is a POST to a path without query; it fails with UNAVAILABLE, whatever HTTP would say; other namespaces' rules are not its.
    private static readonly string[] OfNoConcern =
    [
        "RouteMatch.Method", "RouteMatch.QueryParameters", "RouteMatch.IsGrpc", "Forward.ErrorStatus", "RouteTable.Consumers", "ConsumerRoutes.ClientNamespace",
        "ConsumerRoutes.Rules",
    ];

    [Test]
    public void Every_setting_changes_what_clients_get_or_is_told()
    {
        var carried = new HashSet<string>(StringComparer.Ordinal);
        foreach (var example in new[] { ProxylessExample.First, ProxylessExample.Second })
        {
            var before = Translate(example);
            carried.UnionWith(Variants(example).Where(v => Translate(v.Port) != before).Select(v => v.Property));
        }

        Assert.That(ModelLeaves.Properties().Except(carried, StringComparer.Ordinal).Except(OfNoConcern, StringComparer.Ordinal), Is.SubsetOf(Told));
    }

    [Test]
    public void Every_feature_of_the_full_example_that_is_not_carried_is_told()
    {
        var told = Shortfalls.Of(FullExample.First).Concat(Shortfalls.Of(FullExample.Second)).Concat(Shortfalls.Of(GrpcExample(FullExample.First))).ToList();

        Assert.That(told.Where(s => !s.FailsClosed).Select(s => s.What).Distinct(StringComparer.Ordinal), Is.EquivalentTo(new[]
        {
            "slow start", "a limit of connections", "a limit of pending requests", "a limit of requests per connection", "a retry budget",
            "outlier detection by consecutive errors", "a connect time-out (it has its own of 20 s)", "an idle time-out of streams", "a time-out per try",
            "retries on HTTP answers", "making cookies to hash",
        }));
        Assert.That(told.Where(s => s.FailsClosed).Select(s => s.What).Distinct(StringComparer.Ordinal), Is.EquivalentTo(new[]
        {
            "a rewrite of the path", "a rewrite of the host", "changes of headers", "mirrors", "redirects",
        }));
    }

    // The rules of the full example are for GET with a query, which no call is.
    private static ServicePort GrpcExample(ServicePort port) => port with
    {
        Routes = Meshes.Routes(port.Routes.Producer.Select(rule => rule with { Match = rule.Match with { Method = "POST", QueryParameters = [] } })),
    };

    private static IEnumerable<(string Property, ServicePort Port)> Variants(ServicePort port) =>
        ModelLeaves.Of(port.Cluster)
            .Select(v => (v.Property, port with { Cluster = (ClusterSettings?)v.Value ?? port.Cluster }))
            .Concat(ModelLeaves.Of(port.Routes).Select(v => (v.Property, port with { Routes = (RouteTable?)v.Value ?? port.Routes })));

    private static string Translate(ServicePort port) => string.Join(
        '\n', ProxylessResources.Build(Meshes.Service("127.96.0.10", port)).Select(ResourceEncoder.Encode).Select(r => $"{r.Key} {r.Version}"));
}
