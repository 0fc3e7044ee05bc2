// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Core;
using Mesh.Crds.GatewayApi;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Operator.Building;
using Mesh.Testing.Builders;
using ServicePort = Mesh.Crds.Core.ServicePort;

namespace Mesh.Tests.Building;

public sealed class RoutesTests
{
    [Test]
    public void Route_of_the_services_namespace_serves_everybody()
    {
        var built = Built.Of(Built.Cart, Make.HttpRoute("shop/r", Make.Parent("cart"), Make.Rule(Make.PathMatch("/a"), Make.Backend("cart"))));

        var routes = built.Port("shop/cart", 80).Routes;
        Assert.That(routes.Consumers, Is.Empty);
        Assert.That(routes.Producer.Select(rule => (rule.Name, rule.Match.Path)), Is.EqualTo([("HTTPRoute/shop/r/0/0", "/a")]));
        Assert.That(routes.Producer[0].Origins, Is.EqualTo(Origins.Of(new ResourceRef("HTTPRoute", "shop", "r", 1))));
    }

    [Test]
    public void Route_of_another_namespace_serves_its_own_clients_only()
    {
        var built = Built.Of(
            Built.Cart, Make.HttpRoute("web/r", Make.Parent("shop/cart"), Make.Rule(Make.PathMatch("/"), new HTTPBackendRef { Name = "cart", Namespace = "shop", Port = 80 })));

        var routes = built.Port("shop/cart", 80).Routes;
        Assert.That(routes.Consumers.Select(scope => (scope.ClientNamespace, scope.Rules[0].Targets()[0])), Is.EqualTo([("web", "shop/cart:80*1")]));
        Assert.That(routes.Producer.Select(rule => rule.Name), Is.EqualTo(["Service/shop/cart"]));
    }

    [TestCase("shop/r", "cart", 1, "")]
    [TestCase("web/r", "shop/cart", 0, "UnsupportedValue")]
    public void Expression_that_may_be_too_large_is_for_the_services_own_namespace(string route, string parent, int rules, string reason)
    {
        var match = new HTTPRouteMatch { Path = new HTTPPathMatch { Type = PathMatchType.RegularExpression, Value = "/a{600}|/b{600}" } };

        var built = Built.Of(Built.Cart, Make.HttpRoute(route, Make.Parent(parent), Make.Rule(match, Make.Backend("cart"))));

        var table = built.Port("shop/cart", 80).Routes;
        Assert.That(table.Consumers, Is.Empty);
        Assert.That(table.Producer.Count(static rule => rule.Name.StartsWith("HTTPRoute", StringComparison.Ordinal)), Is.EqualTo(rules));
        Assert.That(
            string.Join(",", built.Findings.Values.SelectMany(static all => all).Where(static finding => finding.Condition == FindingCondition.Accepted).Select(static finding => finding.Reason)),
            Is.EqualTo(reason));
    }

    [TestCase(null, null, "80,81")]
    [TestCase(80, null, "80")]
    [TestCase(null, "admin", "81")]
    [TestCase(81, "admin", "81")]
    public void Parent_names_ports(int? port, string? section, string expected)
    {
        var service = Make.Service("shop/cart", "10.96.0.10", "80:http", "81:admin", "3306:mysql");

        var built = Built.Of(service, Make.HttpRoute("shop/r", Make.Parent("cart", port, section), Make.Rule(Make.PathMatch("/a"), Make.Backend("cart"))));

        var attached = built.Model.Services[service.Metadata.NamespaceProperty is { } space ? new ServiceName(space, "cart") : default]
            .Ports.Where(candidate => candidate.Routes.Producer[0].Name.StartsWith("HTTPRoute", StringComparison.Ordinal));
        Assert.That(string.Join(",", attached.Select(candidate => candidate.Name.Port)), Is.EqualTo(expected));
        Assert.That(built.Findings, Is.Empty);
    }

    [TestCase("nope", null, null, "Accepted NoMatchingParent spec.parentRefs[0].name: Service shop/nope does not exist")]
    [TestCase("cart", 81, null, "Accepted NoMatchingParent spec.parentRefs[0].port: Service shop/cart has no TCP port 81; it has 80 (http), 3306 (mysql)")]
    [TestCase("cart", null, "x", "Accepted NoMatchingParent spec.parentRefs[0].sectionName: Service shop/cart has no TCP port named \"x\"; it has 80 (http), 3306 (mysql)")]
    [TestCase("headless", null, null, "Accepted UnsupportedValue spec.parentRefs[0].name: Service shop/headless is headless; a parent must have a cluster IP, to which clients connect")]
    [TestCase("cart", 3306, null, "Accepted UnsupportedValue spec.parentRefs[0].port: 3306 (mysql) of Service shop/cart is declared to be no HTTP (appProtocol or port name), so its requests cannot be routed")]
    public void Parent_that_cannot_be_is_told(string name, int? port, string? section, string expected)
    {
        var built = Built.Of(
            Make.Service("shop/cart", "10.96.0.10", "80:http", "3306:mysql"),
            Make.Service("shop/headless", "None", "80"),
            Make.HttpRoute("shop/r", Make.Parent(name, port, section), Make.Rule(Make.PathMatch("/a"), Make.Backend("cart"))));

        Assert.That(built.Findings("HTTPRoute", "shop/r"), Is.EqualTo([expected]));
        Assert.That(built.Findings.Values.Single()[0].Parent, Is.Zero);
        Assert.That(built.Contributions, Is.Empty);
    }

    [Test]
    public void Gateway_parents_are_not_ours()
    {
        var built = Built.Of(
            Built.Cart, Make.HttpRoute("shop/r", new ParentReference { Name = "gw" }, Make.Rule(Make.PathMatch("bad"), Make.Backend("nope"))));

        Assert.That(built.Findings, Is.Empty);
        Assert.That(built.Rules("shop/cart")[0].Name, Is.EqualTo("Service/shop/cart"));
    }

    [Test]
    public void GRPCRoute_displaces_HTTPRoute_on_its_port()
    {
        var http = Make.HttpRoute("shop/h", Make.Parent("cart"), Make.Rule(Make.PathMatch("/"), Make.Backend("cart")));
        var grpc = Make.GrpcRoute("shop/g", Make.Parent("cart", 80), new GRPCRouteRule { BackendRefs = [new GRPCBackendRef { Name = "cart", Port = 80 }] });

        var one = Built.Of(Built.Cart, http, grpc);
        var two = Built.Of(Make.Service("shop/cart", "10.96.0.10", "80", "81"), http, grpc);

        const string Message = "Conflicted spec.parentRefs[0]: GRPCRoute shop/g is attached to shop/cart:80 as well, and a GRPCRoute displaces rules for HTTP on one port: give them different ports, or write both as one kind of route";
        Assert.That(one.Rules("shop/cart").Select(rule => rule.Name), Is.EqualTo(["GRPCRoute/shop/g/0/0"]));
        Assert.That(one.Findings("HTTPRoute", "shop/h"), Is.EqualTo(["Accepted " + Message]));
        Assert.That(two.Rules("shop/cart", 81).Select(rule => rule.Name), Is.EqualTo(["HTTPRoute/shop/h/0/0"]));
        Assert.That(two.Findings("HTTPRoute", "shop/h"), Is.EqualTo(["~Accepted " + Message]));
    }

    [Test]
    public void GRPCRoutes_displace_an_HTTPRoute_that_sorts_before_them_and_the_first_is_named()
    {
        var http = Make.HttpRoute("shop/a", Make.Parent("cart"), Make.Rule(Make.PathMatch("/"), Make.Backend("cart")));
        var grpc = "hg".Select(name => Make.GrpcRoute(
            $"shop/{name}", Make.Parent("cart", 80), new GRPCRouteRule { BackendRefs = [new GRPCBackendRef { Name = "cart", Port = 80 }] }));

        var built = Built.Of([Built.Cart, http, .. grpc]);

        Assert.That(built.Rules("shop/cart").Select(rule => rule.Name), Is.EqualTo(["GRPCRoute/shop/g/0/0", "GRPCRoute/shop/h/0/0"]));
        Assert.That(built.Findings("HTTPRoute", "shop/a")[0], Does.Contain("GRPCRoute shop/g is attached to shop/cart:80 as well"));
    }

    [Test]
    public void Precedence_is_the_most_specific_match_then_age_then_name()
    {
        var old = Route("shop/z", day: 1, Make.PathMatch("/a"), new HTTPRouteMatch { Path = new HTTPPathMatch { Value = "/a" }, Method = HTTPMethod.GET });
        var young = Route("shop/b", day: 2,
            Make.PathMatch("/a"),
            Make.PathMatch("/"),
            Make.PathMatch("/long/prefix"),
            Make.PathMatch("/x", PathMatchType.Exact),
            Make.PathMatch("/r.*", PathMatchType.RegularExpression),
            new HTTPRouteMatch { Path = new HTTPPathMatch { Value = "/a" }, Headers = [new HTTPHeaderMatch { Name = "H", Value = "v" }] },
            new HTTPRouteMatch { Path = new HTTPPathMatch { Value = "/a" }, QueryParams = [new HTTPQueryParamMatch { Name = "q", Value = "v" }] });
        var ageless = Route("shop/a", day: null, Make.PathMatch("/a"));

        var built = Built.Of(Built.Cart, old, young, ageless);

        Assert.That(built.Rules("shop/cart").Select(rule => rule.Name["HTTPRoute/shop/".Length..]), Is.EqualTo([
            "b/0/3", "b/0/4", "b/0/2", "z/0/1", "b/0/5", "b/0/6", "z/0/0", "b/0/0", "a/0/0", "b/0/1"]));
    }

    [Test]
    public void Match_is_normalised()
    {
        var match = new HTTPRouteMatch
        {
            Path = new HTTPPathMatch { Type = PathMatchType.PathPrefix, Value = "/v2/" },
            Headers = [new HTTPHeaderMatch { Name = "X-A", Value = "1" }, new HTTPHeaderMatch { Name = "x-a", Value = "2" }],
            QueryParams = [new HTTPQueryParamMatch { Name = "Q", Value = "a+", Type = ValueMatchType.RegularExpression }],
            Method = HTTPMethod.PUT,
        };

        var built = Built.Of(Built.Cart, Make.HttpRoute("shop/r", Make.Parent("cart"), Make.Rule(match, Make.Backend("cart"))));

        Assert.That(built.Rules("shop/cart")[0].Match, Is.EqualTo(new RouteMatch
        {
            PathKind = PathMatchKind.PathPrefix,
            Path = "/v2",
            Method = "PUT",
            Headers = [new ValueMatch("x-a", ValueMatchKind.Exact, "1")],
            QueryParameters = [new ValueMatch("Q", ValueMatchKind.RegularExpression, "a+")],
            IsGrpc = false,
        }));
    }

    [Test]
    public void Invalid_match_is_left_out_and_told()
    {
        var rule = new HTTPRouteRule
        {
            Matches = [Make.PathMatch("(?=x)", PathMatchType.RegularExpression), Make.PathMatch("/ok"), Make.PathMatch("no-slash")],
            BackendRefs = [Make.Backend("cart")],
        };

        var built = Built.Of(Built.Cart, Make.HttpRoute("shop/r", Make.Parent("cart"), rule));

        Assert.That(built.Rules("shop/cart").Select(found => found.Match.Path), Is.EqualTo(["/ok"]));
        Assert.That(built.Findings("HTTPRoute", "shop/r"), Is.EqualTo([
            "~Accepted Invalid spec.rules[0].matches[0].path.value: uses look-around, back references, conditions or atomic groups; RE2, the syntax of expressions here, has none",
            "~Accepted Invalid spec.rules[0].matches[2].path.value: must start with \"/\""]));
    }

    [Test]
    public void Route_without_rules_leaves_nothing_to_match()
    {
        var built = Built.Of(Built.Cart, Make.HttpRoute("shop/r", Make.Parent("cart")));

        Assert.That(built.Rules("shop/cart"), Is.Empty);
    }

    [TestCase("pkg.Cart", "Get", ValueMatchType.Exact, PathMatchKind.Exact, "/pkg.Cart/Get")]
    [TestCase("pkg.Cart", null, ValueMatchType.Exact, PathMatchKind.PathPrefix, "/pkg.Cart")]
    [TestCase(null, "Get", ValueMatchType.Exact, PathMatchKind.RegularExpression, "/[^/]+/Get")]
    [TestCase("pkg\\..*", null, ValueMatchType.RegularExpression, PathMatchKind.RegularExpression, "/(?:pkg\\..*)/[^/]+")]
    public void Grpc_method_becomes_a_path(string? service, string? method, ValueMatchType type, PathMatchKind kind, string path)
    {
        var rule = new GRPCRouteRule
        {
            Matches = [new GRPCRouteMatch { Method = new GRPCMethodMatch { Type = type, Service = service, Method = method } }],
            BackendRefs = [new GRPCBackendRef { Name = "cart", Port = 80 }],
        };

        var built = Built.Of(Built.Cart, Make.GrpcRoute("shop/g", Make.Parent("cart"), rule));

        var match = built.Rules("shop/cart")[0].Match;
        Assert.That((match.PathKind, match.Path, match.IsGrpc), Is.EqualTo((kind, path, true)));
    }

    [Test]
    public void Grpc_rule_for_every_method_goes_last()
    {
        GRPCRouteRule Rule(GRPCMethodMatch? method) => new()
        {
            Matches = method is null ? null : [new GRPCRouteMatch { Method = method }],
            BackendRefs = [new GRPCBackendRef { Name = "cart", Port = 80 }],
        };
        var expression = new GRPCMethodMatch { Type = ValueMatchType.RegularExpression, Service = "foo[.].*" };
        var exact = new GRPCMethodMatch { Service = "foo.Bar", Method = "Get" };

        var built = Built.Of(Built.Cart, Make.GrpcRoute("shop/g", Make.Parent("cart"), Rule(null), Rule(expression), Rule(exact)));

        Assert.That(built.Rules("shop/cart").Select(rule => rule.Name["GRPCRoute/shop/g/".Length..]), Is.EqualTo(["2/0", "1/0", "0/0"]));
    }

    [Test]
    public void Backends_keep_their_shares()
    {
        var external = new Service { Metadata = Make.Metadata("shop/ext"), Spec = new ServiceSpec { Type = "ExternalName", Ports = [new ServicePort { Port = 80 }] } };
        var rule = Make.Rule(
            Make.PathMatch("/"),
            Make.Backend("cart", weight: 9),
            Make.Backend("cart", weight: 0),
            Make.Backend("nope"),
            Make.Backend("cart", port: 81),
            Make.Backend("cart", port: null),
            Make.Backend("ext"),
            new HTTPBackendRef { Kind = "Bucket", Group = "x.io", Name = "b", Port = 80 },
            new HTTPBackendRef { Name = "peer", Namespace = "other", Port = 80 });

        var built = Built.Of(Built.Cart, external, Make.Service("other/peer", "10.96.0.11", "80"), Make.HttpRoute("shop/r", Make.Parent("cart"), rule));

        Assert.That(built.Rules("shop/cart")[0].Targets(), Is.EqualTo(["shop/cart:80*9", "error*1", "error*1", "error*1", "error*1", "error*1", "other/peer:80*1"]));
        Assert.That(built.Findings("HTTPRoute", "shop/r"), Is.EqualTo([
            "ResolvedRefs BackendNotFound spec.rules[0].backendRefs[2].name: Service shop/nope does not exist",
            "ResolvedRefs BackendNotFound spec.rules[0].backendRefs[3].port: Service shop/cart has no TCP port 81; it has 80 (http)",
            "ResolvedRefs BackendNotFound spec.rules[0].backendRefs[4].port: a port is needed; Service shop/cart has 80 (http)",
            "ResolvedRefs BackendNotFound spec.rules[0].backendRefs[5].name: Service shop/ext is of type ExternalName and has no endpoints in the mesh",
            "ResolvedRefs InvalidKind spec.rules[0].backendRefs[6].kind: a backend of kind \"Bucket\" in group \"x.io\" is not supported; it must be a Service"]));
    }

    [Test]
    public void Rule_without_backends_answers_with_an_error()
    {
        var built = Built.Of(
            Built.Cart,
            Make.HttpRoute("shop/r", Make.Parent("cart"), Make.Rule(Make.PathMatch("/"))));

        Assert.That(built.Rules("shop/cart")[0].Action, Is.EqualTo(
            new RouteAction.Forward { Backends = [], PathRewrite = null, HostRewrite = null, ErrorStatus = 500 }));
    }

    [Test]
    public void Rule_timeouts_hang_on_the_request_or_on_the_try()
    {
        var rule = new HTTPRouteRule
        {
            BackendRefs = [Make.Backend("cart")],
            Timeouts = new HTTPRouteTimeouts { Request = "10s", BackendRequest = "2s" },
        };
        var route = Make.HttpRoute("shop/r", Make.Parent("cart"), rule);
        var policy = Make.Policy("shop/p", new() { TargetRefs = [Make.Target(Mesh.Crds.V1Alpha1.PolicyTargetKind.Service, "cart")], Retries = new() { PerTryTimeout = "5s" } });

        var without = Built.Of(Built.Cart, route).Rules("shop/cart")[0].Settings;
        var with = Built.Of(Built.Cart, route, policy).Rules("shop/cart")[0].Settings;

        Assert.That((without.Timeouts.Request, without.Retries), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(2), (Mesh.Model.Settings.Retries?)null)));
        Assert.That((with.Timeouts.Request, with.Retries?.PerTryTimeout), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(10), (TimeSpan?)TimeSpan.FromSeconds(2))));
    }

    [Test]
    public void Shuffled_input_gives_an_equal_result()
    {
        var routes = Enumerable.Range(0, 8).Select(i => Route($"shop/r{i}", day: null, Make.PathMatch("/a"))).ToArray();

        var forward = Built.Of([Built.Cart, .. routes]);
        var backward = Built.Of([.. routes.Reverse(), Built.Cart]);

        Assert.That(backward.Rules("shop/cart"), Is.EqualTo(forward.Rules("shop/cart")));
    }

    private static HTTPRoute Route(string name, int? day, params HTTPRouteMatch[] matches) => new()
    {
        Metadata = Make.Metadata(name, day),
        Spec = new HTTPRouteSpec
        {
            ParentRefs = [Make.Parent("cart")],
            Rules = [new HTTPRouteRule { Matches = matches, BackendRefs = [Make.Backend("cart")] }],
        },
    };
}
