// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Features;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Model.Settings;
using Mesh.Testing.Builders;
using FaultAbort = Mesh.Crds.Features.FaultAbort;
using LoadBalancingAlgorithm = Mesh.Crds.Features.LoadBalancingAlgorithm;
using Retries = Mesh.Crds.Features.Retries;

namespace Mesh.Tests.Building;

public sealed class PoliciesTests
{
    private static readonly HTTPRoute Route = Make.HttpRoute(
        "shop/r", Make.Parent("cart"), new HTTPRouteRule { Name = "all", BackendRefs = [Make.Backend("cart")] });

    /// <summary>Each level is more specific than the one before it, and wins.</summary>
    private static readonly PolicyTargetReference[] Levels =
    [
        Make.Target(PolicyTargetKind.Namespace, "shop"),
        Make.Target(PolicyTargetKind.Service, "cart"),
        Make.Target(PolicyTargetKind.Service, "cart", "http"),
        Make.Target(PolicyTargetKind.HTTPRoute, "r"),
        Make.Target(PolicyTargetKind.HTTPRoute, "r", "all"),
    ];

    [Test]
    public void More_specific_level_wins([Range(1, 5)] int levels)
    {
        var mesh = new MeshConfiguration { Metadata = Make.Metadata("default"), Spec = new MeshSpec { Defaults = new MeshDefaults { Timeouts = new Timeouts { Request = "9s" } } } };
        var policies = Levels.Take(levels).Select((target, i) => Make.Policy($"shop/p{i}", new TrafficPolicySpec { TargetRefs = [target], Timeouts = new Timeouts { Request = $"{i + 1}s" } }));

        var built = Built.Of([Built.Cart, Route, mesh, .. policies]);

        var rule = built.Rules("shop/cart")[0];
        Assert.That(rule.Settings.Timeouts.Request, Is.EqualTo(TimeSpan.FromSeconds(levels)));
        Assert.That(rule.Origins.Refs.Select(origin => origin.ToString()), Is.EqualTo(["HTTPRoute shop/r", $"TrafficPolicy shop/p{levels - 1}"]));
        Assert.That(built.Findings, Is.Empty);
    }

    [Test]
    public void Features_are_merged_one_by_one_and_each_taken_whole()
    {
        var broad = Policy("shop/a", Make.Target(PolicyTargetKind.Namespace, "shop"), new TrafficPolicySpec
        {
            Timeouts = new Timeouts { Request = "1s", Connect = "2s" },
            Retries = new Retries { Attempts = 3 },
        });
        var narrow = Policy("shop/b", Make.Target(PolicyTargetKind.Service, "cart"), new TrafficPolicySpec
        {
            Timeouts = new Timeouts { StreamIdle = "5s" },
        });

        var built = Built.Of(Built.Cart, broad, narrow);

        var rule = built.Rules("shop/cart")[0];
        Assert.That(rule.Settings.Timeouts, Is.EqualTo(RouteTimeouts.None with { StreamIdle = TimeSpan.FromSeconds(5) }));
        Assert.That(rule.Settings.Retries?.Attempts, Is.EqualTo(3));
        Assert.That(built.Port("shop/cart", 80).Cluster.ConnectTimeout, Is.EqualTo(ClusterSettings.Default.ConnectTimeout));
        Assert.That(built.Contributions.Keys.Select(key => key.Name).Order(StringComparer.Ordinal), Is.EqualTo(["a", "b"]));
    }

    [Test]
    public void Route_level_leaves_the_clusters_part_alone()
    {
        var service = Policy("shop/a", Make.Target(PolicyTargetKind.Service, "cart"), new TrafficPolicySpec
        {
            Timeouts = new Timeouts { Connect = "2s" },
            Retries = new Retries { Budget = new() { Percent = 50 } },
        });
        var route = Policy("shop/b", Make.Target(PolicyTargetKind.HTTPRoute, "r"), new TrafficPolicySpec
        {
            Timeouts = new Timeouts { Request = "1s" },
            Retries = new Retries { Attempts = 0 },
        });

        var built = Built.Of(Built.Cart, Route, service, route);

        var port = built.Port("shop/cart", 80);
        Assert.That(port.Cluster, Is.EqualTo(ClusterSettings.Default with
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            RetryBudget = new Mesh.Model.Settings.RetryBudget(50, 3),
        }));
        Assert.That(port.ClusterOrigins.Refs.Select(origin => origin.Name), Is.EqualTo(["a"]));
        Assert.That(port.Routes.Producer[0].Settings.Retries, Is.Null);
    }

    [TestCase("z", 1, "a", 2, "shop/z targets Service/cart as well and is older: of the policies on one target only the first is in force; put all features into it")]
    [TestCase("z", 1, "a", null, "shop/z targets Service/cart as well and is older: of the policies on one target only the first is in force; put all features into it")]
    [TestCase("a", null, "z", null, "shop/a targets Service/cart as well and comes first by name: of the policies on one target only the first is in force; put all features into it")]
    public void Older_policy_wins_whole_and_the_loser_is_told(string winner, int? winnerDay, string loser, int? loserDay, string message)
    {
        var first = Make.Policy("shop/" + winner, Spec("1s", Make.Target(PolicyTargetKind.Service, "cart")), winnerDay);
        var second = Make.Policy("shop/" + loser, Spec("2s", Make.Target(PolicyTargetKind.Service, "cart")), loserDay);

        var built = Built.Of(Built.Cart, second, first);

        Assert.That(built.Rules("shop/cart")[0].Settings.Timeouts.Request, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(built.Findings("TrafficPolicy", "shop/" + loser), Is.EqualTo(["Accepted Conflicted spec.targetRefs[0]: " + message]));
        Assert.That(built.Contributions.Keys.Select(key => key.Name), Is.EqualTo([winner]));
    }

    [Test]
    public void Policy_that_loses_on_one_target_stays_on_the_other()
    {
        var old = Make.Policy("shop/old", Spec("1s", Make.Target(PolicyTargetKind.Service, "cart")), day: 1);
        var young = Make.Policy("shop/young", Spec("2s", Make.Target(PolicyTargetKind.Service, "cart"), Make.Target(PolicyTargetKind.Service, "pay")), day: 2);

        var built = Built.Of(Built.Cart, Make.Service("shop/pay", "10.96.0.11", "80"), young, old);

        Assert.That(built.Rules("shop/pay")[0].Settings.Timeouts.Request, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(built.Findings("TrafficPolicy", "shop/young"), Is.EqualTo([
            "~Accepted Conflicted spec.targetRefs[0]: shop/old targets Service/cart as well and is older: of the policies on one target only the first is in force; put all features into it"]));
    }

    [Test]
    public void Port_by_name_and_by_number_is_one_target()
    {
        var first = Make.Policy("shop/a", Spec("1s", Make.Target(PolicyTargetKind.Service, "cart", "http")));
        var second = Make.Policy("shop/b", Spec("2s", Make.Target(PolicyTargetKind.Service, "cart", "80")));

        var built = Built.Of(Built.Cart, first, second);

        Assert.That(built.Findings("TrafficPolicy", "shop/b"), Is.EqualTo([
            "Accepted Conflicted spec.targetRefs[0]: shop/a targets Service/cart (80) as well and comes first by name: of the policies on one target only the first is in force; put all features into it"]));
    }

    [TestCase(PolicyTargetKind.Service, "nope", null, "name: Service shop/nope does not exist")]
    [TestCase(PolicyTargetKind.Service, "cart", "x", "sectionName: Service shop/cart has no TCP port \"x\"; it has 80 (http)")]
    [TestCase(PolicyTargetKind.HTTPRoute, "nope", null, "name: HTTPRoute shop/nope does not exist")]
    [TestCase(PolicyTargetKind.HTTPRoute, "r", "x", "sectionName: HTTPRoute shop/r has no rule named \"x\"; it has all")]
    [TestCase(PolicyTargetKind.Namespace, "other", null, "name: a policy can target its own Namespace only, which is \"shop\"")]
    public void Missing_target_refuses_the_policy_or_a_part_of_it(PolicyTargetKind kind, string name, string? section, string expected)
    {
        var missing = Make.Target(kind, name, section);

        var alone = Built.Of(Built.Cart, Route, Make.Policy("shop/p", Spec("1s", missing)));
        var beside = Built.Of(Built.Cart, Route, Make.Policy("shop/p", Spec("1s", missing, Make.Target(PolicyTargetKind.Service, "cart"))));

        Assert.That(alone.Findings("TrafficPolicy", "shop/p"), Is.EqualTo(["Accepted TargetNotFound spec.targetRefs[0]." + expected]));
        Assert.That(beside.Findings("TrafficPolicy", "shop/p"), Is.EqualTo(["~Accepted TargetNotFound spec.targetRefs[0]." + expected]));
        Assert.That(beside.Rules("shop/cart")[0].Settings.Timeouts.Request, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Feature_for_requests_on_a_port_of_bytes_is_unenforceable()
    {
        var spec = new TrafficPolicySpec { FaultInjection = new() { Abort = new FaultAbort { HttpStatus = 503 } } };
        const string Message = "Accepted Unenforceable spec.faultInjection: faultInjection works on requests, but shop/cart:3306 is declared to be no HTTP "
            + "(appProtocol or port name) and is carried as bytes";

        var nowhere = Built.Of(Make.Service("shop/cart", "10.96.0.10", "3306:mysql"), Policy("shop/p", Make.Target(PolicyTargetKind.Service, "cart"), spec));
        var partly = Built.Of(Make.Service("shop/cart", "10.96.0.10", "3306:mysql", "80:http"), Policy("shop/p", Make.Target(PolicyTargetKind.Service, "cart"), spec));

        Assert.That(nowhere.Findings("TrafficPolicy", "shop/p"), Is.EqualTo([Message]));
        Assert.That(nowhere.Contributions, Is.Empty);
        Assert.That(partly.Findings("TrafficPolicy", "shop/p"), Is.EqualTo(["~" + Message]));
        Assert.That(partly.Rules("shop/cart")[0].Settings.Fault, Is.Not.Null);
    }

    [Test]
    public void Feature_of_connections_on_a_port_of_bytes_is_in_force()
    {
        var built = Built.Of(
            Make.Service("shop/cart", "10.96.0.10", "3306:mysql"),
            Policy("shop/p", Make.Target(PolicyTargetKind.Service, "cart"), new TrafficPolicySpec { Timeouts = new Timeouts { Connect = "1s" } }));

        Assert.That(built.Port("shop/cart", 3306).Cluster.ConnectTimeout, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(built.Findings, Is.Empty);
    }

    [Test]
    public void Feature_of_connections_on_a_route_is_refused()
    {
        var built = Built.Of(Built.Cart, Route, Policy("shop/p", Make.Target(PolicyTargetKind.HTTPRoute, "r"), new TrafficPolicySpec
        {
            Timeouts = new Timeouts { Connect = "1s" },
            ConnectionLimits = new(),
        }));

        Assert.That(built.Findings("TrafficPolicy", "shop/p"), Is.EqualTo([
            "Accepted Invalid spec.connectionLimits: connectionLimits belongs to connections, which routes share: target the Service",
            "Accepted Invalid spec.timeouts.connect: timeouts.connect belongs to connections, which routes share: target the Service"]));
    }

    [Test]
    public void Invalid_policy_is_absent_and_gives_way()
    {
        var bad = Make.Policy("shop/a", new TrafficPolicySpec
        {
            TargetRefs = [Make.Target(PolicyTargetKind.Service, "cart")],
            Timeouts = new Timeouts { Request = "1 minute" },
            Retries = new Retries { Attempts = 99, RetryOn = [(RetryOn)77] },
        });
        var good = Make.Policy("shop/b", Spec("1s", Make.Target(PolicyTargetKind.Service, "cart")));

        var built = Built.Of(Built.Cart, bad, good);

        Assert.That(built.Findings("TrafficPolicy", "shop/a"), Is.EqualTo([
            "Accepted Invalid spec.retries.attempts: 99 is out of range; it must be from 0 to 10",
            "Accepted Invalid spec.retries.retryOn[0]: \"77\" is unknown; it must be one of ConnectFailure, RefusedStream, Reset, ResetBeforeRequest, ServerError, "
                + "GatewayError, RetriableClientError, GrpcCancelled, GrpcDeadlineExceeded, GrpcInternal, GrpcResourceExhausted, GrpcUnavailable",
            "Accepted Invalid spec.timeouts.request: \"1 minute\" is not a duration; write for example \"10s\", \"250ms\" or \"1h30m\""]));
        Assert.That(built.Rules("shop/cart")[0].Settings.Timeouts.Request, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Inline_rules_are_routes_of_the_targets()
    {
        var policy = Policy("shop/p", Make.Target(PolicyTargetKind.Service, "cart"), new TrafficPolicySpec
        {
            Rules = [Make.Rule(Make.PathMatch("/long/er"), Make.Backend("cart", weight: 7))],
            Timeouts = new Timeouts { Request = "1s" },
        });

        var built = Built.Of(Built.Cart, Route, policy);

        Assert.That(built.Rules("shop/cart").Select(rule => (rule.Name, rule.Settings.Timeouts.Request)), Is.EqualTo([
            ("TrafficPolicy/shop/p/0/0", (TimeSpan?)TimeSpan.FromSeconds(1)), ("HTTPRoute/shop/r/0/0", TimeSpan.FromSeconds(1))]));
    }

    [Test]
    public void Inline_rules_give_way_to_a_GRPCRoute()
    {
        var grpc = Make.GrpcRoute("shop/g", Make.Parent("cart"), new GRPCRouteRule { BackendRefs = [new GRPCBackendRef { Name = "cart", Port = 80 }] });
        var policy = Policy("shop/p", Make.Target(PolicyTargetKind.Service, "cart"), new TrafficPolicySpec { Rules = [Make.Rule(Make.PathMatch("/"), Make.Backend("cart"))] });

        var built = Built.Of(Built.Cart, grpc, policy);

        Assert.That(built.Rules("shop/cart").Select(rule => rule.Name), Is.EqualTo(["GRPCRoute/shop/g/0/0"]));
        Assert.That(built.Findings("TrafficPolicy", "shop/p"), Is.EqualTo([
            "Accepted Conflicted spec.rules: GRPCRoute shop/g is attached to shop/cart:80 as well, and a GRPCRoute displaces rules for HTTP on one port: give them different ports, or write both as one kind of route"]));
    }

    [Test]
    public void Hash_policies_follow_the_backend()
    {
        var policy = Policy("shop/p", Make.Target(PolicyTargetKind.Service, "pay"), new TrafficPolicySpec
        {
            LoadBalancing = new() { Algorithm = LoadBalancingAlgorithm.RingHash, HashOn = [new HashOn { Type = HashOnType.Cookie, Name = "id", CookieTTL = "0s" }] },
        });
        var route = Make.HttpRoute("shop/r", Make.Parent("cart"), Make.Rule(Make.PathMatch("/"), Make.Backend("pay")));

        var built = Built.Of(Built.Cart, Make.Service("shop/pay", "10.96.0.11", "80"), route, policy);

        var rule = built.Rules("shop/cart")[0];
        Assert.That(rule.Settings.HashPolicies, Is.EqualTo([new HashPolicy(HashSource.Cookie, "id", TimeSpan.Zero)]));
        Assert.That(rule.Origins.Refs.Select(origin => origin.Name), Is.EqualTo(["r", "p"]));
        Assert.That(built.Contributions[new("TrafficPolicy", "shop", "p")].Ports.Select(port => port.ToString()), Is.EqualTo(["shop/cart:80", "shop/pay:80"]));
    }

    private static TrafficPolicySpec Spec(string request, params PolicyTargetReference[] targets) =>
        new() { TargetRefs = targets, Timeouts = new Timeouts { Request = request } };

    private static TrafficPolicy Policy(string name, PolicyTargetReference target, TrafficPolicySpec spec) =>
        Make.Policy(name, spec with { TargetRefs = [target] });
}
