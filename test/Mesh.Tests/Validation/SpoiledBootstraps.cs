// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;

namespace Mesh.Tests.Validation;

/// <summary>Bootstraps with one violation each: what is done to the sample, and what must be found where.</summary>
internal sealed class SpoiledBootstraps : IEnumerable
{
    private const string ClusterPath = "static_resources.clusters[0]";
    private const string Listener = "static_resources.listeners[0]";
    private const string Manager = $"{Listener}.filter_chains[0].filters[0].typed_config";
    private const string Host = $"{Manager}.route_config.virtual_hosts[0]";

    public IEnumerator GetEnumerator()
    {
        yield return Case(sample => sample.Manager.StatPrefix = "", $"{Manager}.stat_prefix", "string.min_len");
        yield return Case(sample => sample.Cluster.ConnectTimeout = new Duration(), $"{ClusterPath}.connect_timeout", "duration.gt");
        yield return Case(sample => sample.Cluster.LbPolicy = (Cluster.Types.LbPolicy)99, $"{ClusterPath}.lb_policy", "enum.defined_only");
        yield return Case(sample => sample.Socket.PortValue = 70000, $"{Listener}.address.socket_address.port_value", "uint32.lte");
        yield return Case(sample => sample.VirtualHost.Domains.Clear(), $"{Host}.domains", "repeated.min_items");
        yield return Case(sample => sample.VirtualHost.Domains[0] = "a\nb", $"{Host}.domains[0]", "string.well_known_regex");
        yield return Case(sample => sample.Route.Match.ClearPathSpecifier(), $"{Host}.routes[0].match.path_specifier", "oneof.required");
        yield return Case(
            sample => sample.Route.RequestHeadersToAdd.Add(new HeaderValueOption { Header = new HeaderValue { Key = "a\nb" } }),
            $"{Host}.routes[0].request_headers_to_add[0].header.key",
            "string.well_known_regex");
        yield return Case(
            sample => sample.Route.RequestHeadersToAdd.Add(new HeaderValueOption()),
            $"{Host}.routes[0].request_headers_to_add[0].header",
            "message.required");
        yield return Case(
            sample => sample.Cluster.HealthChecks.Add(HealthCheckWithoutTimeout()), $"{ClusterPath}.health_checks[0].timeout", "duration.required");
        yield return Case(
            sample => sample.Cluster.CommonLbConfig = new() { LocalityWeightedLbConfig = new(), HealthyPanicThreshold = new() { Value = 101 } },
            $"{ClusterPath}.common_lb_config.healthy_panic_threshold.value",
            "double.gte+lte");
        yield return Case(
            sample => sample.Route.Route_.RetryPolicy = new() { RetryBackOff = new() { BaseInterval = new Duration() } },
            $"{Host}.routes[0].route.retry_policy.retry_back_off.base_interval",
            "duration.gt");
        yield return Case(
            sample => sample.Cluster.RingHashLbConfig = new() { MinimumRingSize = 9_000_000 },
            $"{ClusterPath}.ring_hash_lb_config.minimum_ring_size",
            "uint64.lte");
        yield return Case(
            sample => sample.Route.Metadata = new() { FilterMetadata = { [""] = new Struct() } },
            $"{Host}.routes[0].metadata.filter_metadata[\"\"]",
            "string.min_len");
    }

    private static HealthCheck HealthCheckWithoutTimeout() => new()
    {
        Interval = new Duration { Seconds = 1 },
        UnhealthyThreshold = 1,
        HealthyThreshold = 1,
        TcpHealthCheck = new(),
    };

    private static TestCaseData Case(Action<SampleBootstrap> spoil, string path, string rule) =>
        new TestCaseData(spoil, path, rule).SetArgDisplayNames(path, rule);
}
