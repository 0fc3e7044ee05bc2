// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf.Collections;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Model.Settings;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation.Proxyless;
using Mesh.Xds.Validation;

namespace Mesh.Tests.Translation.Proxyless;

internal sealed class ProxylessTranslationTests
{
    private static readonly MeshNode Client = new(new NodeName("grpc/c"), CaptureMode.Loopback) { Proxyless = new ProxylessClient("shop") };

    [Test]
    public void Full_example_satisfies_the_rules_and_nothing_is_for_a_wildcard()
    {
        var resources = new[] { FullExample.First, FullExample.Second, ProxylessExample.First }
            .SelectMany(port => SnapshotBuilder.ForNode(SnapshotBuilder.Build(FullExample.Model(port), previous: null), Client, previous: null).Tables)
            .SelectMany(table => table.Resources.Values)
            .ToList();

        Assert.That(
            resources.Select(r => r.Key.Type).Distinct(),
            Is.EquivalentTo(new[] { ResourceType.Cluster, ResourceType.Endpoint, ResourceType.Route, ResourceType.Listener }));
        Assert.That(resources.SelectMany(r => ProtoRules.Check(r.Message)), Is.Empty);
        Assert.That(resources.Where(r => !r.OnDemand), Is.Empty);
    }

    [Test]
    public void Listener_has_each_name_that_a_user_may_write()
    {
        var names = ApiListeners.Build(Meshes.Port("cart", 8080)).Select(r => r.Key.Name);

        Assert.That(names, Is.EqualTo(new[] { "cart.shop:8080", "cart.shop.svc:8080", "cart.shop.svc.cluster.local:8080" }));
    }

    [Test]
    public void Backends_of_one_target_are_one_share_and_a_bad_reference_is_the_share_that_fails()
    {
        var action = ActionOf(rule => rule with
        {
            Action = Meshes.Forward(
                Meshes.Backend(Meshes.Port("a"), 1), Meshes.Backend(target: null, 3), Meshes.Backend(Meshes.Port("a"), 2), Meshes.Backend(target: null, 4)),
        });

        Assert.That(
            action.WeightedClusters.Clusters.Select(c => (c.Name, c.Weight)),
            Is.EqualTo(new (string, uint?)[] { ("s/shop/a:80", 3), ("no-backend", 7) }));
    }

    [Test]
    public void Forward_without_backends_fails() =>
        Assert.That(ActionOf(rule => rule with { Action = Meshes.Forward(Array.Empty<WeightedBackend>()) }).Cluster, Is.EqualTo("no-backend"));

    [TestCase("GET", 0)]
    [TestCase("POST", 1)]
    [TestCase(null, 1)]
    public void Rule_of_a_method_that_no_call_has_is_left_out(string? method, int routes)
    {
        var route = RoutesOf(ProxylessExample.Rule(rule => rule with { Match = rule.Match with { Method = method, IsGrpc = true } }));

        Assert.That(route, Has.Count.EqualTo(routes));
    }

    [Test]
    public void Rule_that_wants_a_query_is_left_out() => Assert.That(
        RoutesOf(ProxylessExample.Rule(rule => rule with { Match = rule.Match with { QueryParameters = [new ValueMatch("a", ValueMatchKind.Exact, "b")] } })),
        Is.Empty);

    [TestCase("/", "/")]
    [TestCase("/shop.Cart", "/shop.Cart/")]
    [TestCase("/shop.Cart/", "/shop.Cart/")]
    public void Prefix_is_one_of_characters_that_ends_a_segment(string path, string expected) =>
        Assert.That(CallMatches.Build(Meshes.Prefix(path)).Prefix, Is.EqualTo(expected));

    [TestCase("x-token-bin")]
    [TestCase("user-agent")]
    [TestCase("grpc-timeout")]
    public void Header_that_clients_cannot_look_at_makes_the_rest_of_the_match_fail(string name)
    {
        var rule = ProxylessExample.Rule(r => r with
        {
            Match = r.Match with { Headers = [new ValueMatch(name, ValueMatchKind.Exact, "a"), new ValueMatch("x-user", ValueMatchKind.Exact, "b")] },
        });

        var route = RoutesOf(rule).Single();

        Assert.That(route.Match.Headers.Select(h => h.Name), Is.EqualTo(new[] { "x-user" }));
        Assert.That(route.Route_.Cluster, Is.EqualTo("no-backend"));
        Assert.That(RuleShortfalls.Of(rule), Is.EqualTo(new[] { (true, $"matching the header {name}") }));
    }

    [TestCase(10, 30, 10)]
    [TestCase(30, 10, 10)]
    [TestCase(0, 10, 10)]
    [TestCase(0, 0, null)]
    public void Deadline_is_the_shorter_limit(int request, int stream, int? expected)
    {
        var limits = RouteTimeouts.None with { Request = TimeSpan.FromSeconds(request), MaxStreamDuration = TimeSpan.FromSeconds(stream) };

        Assert.That(CallSettings.Deadline(limits)?.MaxStreamDuration_.Seconds, Is.EqualTo(expected));
    }

    [Test]
    public void Retry_on_nothing_that_grpc_knows_is_no_retry()
    {
        var retries = ProxylessExample.First.Routes.Producer[0].Settings.Retries!; // Of the full example.

        Assert.That(CallSettings.Retries(retries)?.RetryOn, Is.EqualTo("unavailable"));
        Assert.That(CallSettings.Retries(retries with { On = [RetryCondition.ConnectFailure, RetryCondition.ServerError] }), Is.Null);
    }

    [Test]
    public void Draining_endpoints_are_the_next_priority_and_each_endpoint_weighs_the_same()
    {
        var assignment = Assignment(
            Meshes.Endpoint("10.0.0.1", 80) with { Zone = "a" },
            Meshes.Endpoint("10.0.0.2", 80) with { Zone = "a" },
            Meshes.Endpoint("10.0.0.3", 80) with { Zone = "b" },
            Meshes.Endpoint("10.0.0.4", 80) with { Zone = "a", Health = EndpointHealth.Draining },
            Meshes.Endpoint("10.0.0.1", 80) with { Zone = "b", Health = EndpointHealth.Draining });

        Assert.That(
            assignment.Endpoints.Select(l => (l.Priority, l.Locality.Zone, l.LoadBalancingWeight, l.LbEndpoints.Count)),
            Is.EqualTo(new (uint, string, uint?, int)[] { (0, "a", 2, 2), (0, "b", 1, 1), (1, "a", 1, 1) }));
    }

    [Test]
    public void Draining_endpoints_alone_are_the_first_priority() => Assert.That(
        Assignment(Meshes.Endpoint("10.0.0.1", 80) with { Health = EndpointHealth.Draining }).Endpoints.Single().Priority, Is.Zero);

    [Test]
    public void Endpoint_of_unknown_zone_has_a_locality_all_the_same() =>
        Assert.That(Assignment(Meshes.Endpoint("10.0.0.1", 80)).Endpoints.Single().Locality, Is.Not.Null);

    [TestCase(LoadBalancingAlgorithm.LeastRequest, "least_request,round_robin")]
    [TestCase(LoadBalancingAlgorithm.RoundRobin, "round_robin")]
    [TestCase(LoadBalancingAlgorithm.Random, "random,round_robin")]
    [TestCase(LoadBalancingAlgorithm.RingHash, "ring_hash")]
    [TestCase(LoadBalancingAlgorithm.Maglev, "ring_hash")]
    public void Balancing_names_a_policy_that_every_client_knows(LoadBalancingAlgorithm algorithm, string expected)
    {
        var port = Meshes.ServicePort(FullExample.Target) with
        {
            Cluster = ClusterSettings.Default with { LoadBalancing = LoadBalancing.Default with { Algorithm = algorithm } },
        };

        var cluster = (Cluster)CallClusters.Build(port).Message;

        Assert.That(string.Join(',', cluster.LoadBalancingPolicy.Policies.Select(p => p.TypedExtensionConfig.Name.Split('.')[^1])), Is.EqualTo(expected));
    }

    [Test]
    public void Consumer_rules_are_for_clients_of_their_namespace_only()
    {
        var port = Meshes.ServicePort(FullExample.Target) with
        {
            Routes = new RouteTable
            {
                Consumers = [new ConsumerRoutes("visitor", [Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Meshes.Port("own")))])],
                Producer = [Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(FullExample.Target))],
            },
        };

        var clusters = new[] { "visitor", "shop", "" }.Select(ns => Routes(CallRoutes.Build(port, ns)).Single().Route_.Cluster);

        Assert.That(clusters, Is.EqualTo(new[] { "s/shop/own:80", "s/shop/cart:8080", "s/shop/cart:8080" }));
    }

    private static Envoy.Config.Route.V3.RouteAction ActionOf(Func<RouteRule, RouteRule> change) => RoutesOf(ProxylessExample.Rule(change)).Single().Route_;

    private static RepeatedField<Route> RoutesOf(params IEnumerable<RouteRule> rules) => Routes(CallRoutes.Build(ProxylessExample.Port(rules), "shop"));

    private static RepeatedField<Route> Routes(Xds.Translation.XdsResource resource) => ((RouteConfiguration)resource.Message).VirtualHosts.Single().Routes;

    private static ClusterLoadAssignment Assignment(params Model.Endpoint[] endpoints) =>
        (ClusterLoadAssignment)CallAssignments.Build(Meshes.Endpoints(FullExample.Target, endpoints)).Message;
}
