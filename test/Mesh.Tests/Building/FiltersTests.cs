// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Operator.Building;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

public sealed class FiltersTests
{
    [Test]
    public void Header_filters_reach_rule_and_backend()
    {
        var onRule = Headers(HTTPRouteFilterType.RequestHeaderModifier, new HTTPHeaderFilter
        {
            Set = [new HTTPHeader { Name = "X-Set", Value = "a" }, new HTTPHeader { Name = "x-set", Value = "b" }],
            Add = [new HTTPHeader { Name = "X-Add", Value = "a" }],
            Remove = ["X-Gone", "x-gone"],
        });
        var onBackend = Headers(HTTPRouteFilterType.ResponseHeaderModifier, new HTTPHeaderFilter { Remove = ["x-b"] });

        var built = Build(new HTTPRouteRule
        {
            Filters = [onRule],
            BackendRefs = [new HTTPBackendRef { Name = "cart", Port = 80, Filters = [onBackend] }],
        });

        var rule = built.Rules("shop/cart")[0];
        Assert.That(rule.RequestHeaders, Is.EqualTo(new HeaderChanges { Set = [new HeaderValue("X-Set", "a")], Add = [new HeaderValue("X-Add", "a")], Remove = ["X-Gone"] }));
        Assert.That(((RouteAction.Forward)rule.Action).Backends[0].ResponseHeaders, Is.EqualTo(HeaderChanges.None with { Remove = ["x-b"] }));
        Assert.That(built.Findings, Is.Empty);
    }

    [TestCase("host", "a", "set[0].name: \"host\" cannot be changed: use a URLRewrite filter with hostname")]
    [TestCase(":path", "a", "set[0].name: \":path\" is a pseudo-header, which cannot be changed here; paths and hosts are changed by a URLRewrite filter")]
    [TestCase("Connection", "a", "set[0].name: \"Connection\" cannot be changed: it belongs to a single connection, and the proxy makes it")]
    [TestCase("Content-Length", "3", "set[0].name: \"Content-Length\" cannot be changed: it tells where a message ends, and the proxy keeps it true")]
    [TestCase("a b", "a", "set[0].name: \"a b\" is not a header name")]
    [TestCase("x-a", "a\r\nx-b: c", "set[0].value: has the character U+000D, which a header value cannot carry")]
    public void Header_that_must_not_be_changed_refuses_the_rule(string name, string value, string expected)
    {
        var filter = Headers(HTTPRouteFilterType.RequestHeaderModifier, new HTTPHeaderFilter { Set = [new HTTPHeader { Name = name, Value = value }] });

        var built = Build(new HTTPRouteRule { Filters = [filter], BackendRefs = [Make.Backend("cart")] });

        Assert.That(built.Findings("HTTPRoute", "shop/r"), Is.EqualTo(["Accepted Invalid spec.rules[0].filters[0].requestHeaderModifier." + expected]));
        Assert.That(built.Rules("shop/cart").Select(rule => rule.Targets()), Is.EqualTo([Array.Empty<string>()]));
    }

    [Test]
    public void Filter_that_a_backend_cannot_carry_fails_its_rule_closed_and_leaves_the_others()
    {
        var bad = new HTTPBackendRef
        {
            Name = "cart",
            Port = 80,
            Filters = [new HTTPRouteFilter { Type = HTTPRouteFilterType.URLRewrite, UrlRewrite = new HTTPURLRewriteFilter { Hostname = "x" } }],
        };

        var built = Build(
            new HTTPRouteRule { Matches = [Make.PathMatch("/bad")], BackendRefs = [bad] },
            new HTTPRouteRule { Matches = [Make.PathMatch("/ok")], BackendRefs = [Make.Backend("cart")] });

        Assert.That(built.Rules("shop/cart").Select(rule => (rule.Match.Path, string.Join(",", rule.Targets()))), Is.EqualTo([("/bad", ""), ("/ok", "shop/cart:80*1")]));
        Assert.That(built.Findings("HTTPRoute", "shop/r"), Is.EqualTo([
            "~Accepted UnsupportedValue spec.rules[0].backendRefs[0].filters[0].type: a URLRewrite filter on a single backend is not supported; put it on the rule, or the backend into a rule of its own"]));
    }

    // Service port, scheme, host, explicit port → port in the redirect (null: none is written).
    [TestCase(80, null, null, 8083, 8083)]
    [TestCase(80, null, "example.org", 8083, 8083)]
    [TestCase(80, null, "example.org", null, null)]
    [TestCase(80, "https", null, null, null)]
    [TestCase(80, "https", "example.org", null, null)]
    [TestCase(80, "https", null, 443, null)]
    [TestCase(80, "https", null, 8443, 8443)]
    [TestCase(8080, null, "example.org", null, 8080)]
    [TestCase(8080, null, null, null, 8080)]
    [TestCase(8080, "https", "example.org", null, null)]
    [TestCase(8080, "https", null, null, 443)]
    public void Redirect_port_follows_scheme_and_service(int servicePort, string? scheme, string? host, int? port, int? expected)
    {
        var filter = Redirect(new HTTPRequestRedirectFilter
        {
            Scheme = scheme is null ? null : Enum.Parse<RedirectScheme>(scheme),
            Hostname = host,
            Port = port,
        });
        var route = Make.HttpRoute("shop/r", Make.Parent("cart"), new HTTPRouteRule { Filters = [filter] });

        var built = Built.Of(Make.Service("shop/cart", "10.96.0.10", $"{servicePort}:http"), route);

        Assert.That(built.Rules("shop/cart", servicePort)[0].Action, Is.EqualTo(
            new RouteAction.Redirect { Scheme = scheme, Hostname = host, Port = expected, Path = null, StatusCode = 302 }));
    }

    [TestCase(PathModifierType.ReplacePrefixMatch, "/one/", "/one")]
    [TestCase(PathModifierType.ReplacePrefixMatch, "", "/")]
    [TestCase(PathModifierType.ReplacePrefixMatch, "/", "/")]
    [TestCase(PathModifierType.ReplaceFullPath, "/one/", "/one/")]
    public void Rewrite_reaches_the_rule(PathModifierType type, string value, string expected)
    {
        var built = Build(new HTTPRouteRule
        {
            Matches = [Make.PathMatch("/a")],
            Filters = [Rewrite(new HTTPURLRewriteFilter { Hostname = "x.org", Path = Path(type, value) })],
            BackendRefs = [Make.Backend("cart")],
        });

        var forward = (RouteAction.Forward)built.Rules("shop/cart")[0].Action;
        Assert.That((forward.HostRewrite, forward.PathRewrite), Is.EqualTo(("x.org", new PathRewrite(type == PathModifierType.ReplacePrefixMatch, expected))));
    }

    [Test]
    public void Prefix_rewrite_needs_prefix_matches()
    {
        var built = Build(new HTTPRouteRule
        {
            Matches = [Make.PathMatch("/a", PathMatchType.Exact)],
            Filters = [Rewrite(new HTTPURLRewriteFilter { Path = Path(PathModifierType.ReplacePrefixMatch, "/b") })],
            BackendRefs = [Make.Backend("cart")],
        });

        Assert.That(built.Findings("HTTPRoute", "shop/r"), Is.EqualTo([
            "Accepted Invalid spec.rules[0].matches: ReplacePrefixMatch needs matches of type PathPrefix only"]));
        Assert.That(built.Rules("shop/cart")[0].Targets(), Is.Empty);
    }

    [Test]
    public void Redirect_with_backends_or_rewrite_is_invalid()
    {
        var built = Build(new HTTPRouteRule
        {
            Filters = [Redirect(new HTTPRequestRedirectFilter { Hostname = "x.org" }), Rewrite(new HTTPURLRewriteFilter { Hostname = "y.org" })],
            BackendRefs = [Make.Backend("cart")],
        });

        Assert.That(built.Findings("HTTPRoute", "shop/r"), Is.EqualTo([
            "Accepted Invalid spec.rules[0].backendRefs: a rule that redirects sends nothing to a backend; leave out one of the two",
            "Accepted Invalid spec.rules[0].filters: RequestRedirect and URLRewrite exclude each other"]));
    }

    [Test]
    public void Mirrors_have_their_shares()
    {
        var built = Build(new HTTPRouteRule
        {
            Filters =
            [
                Mirror(new HTTPRequestMirrorFilter { BackendRef = Make.Backend("cart") }),
                Mirror(new HTTPRequestMirrorFilter { BackendRef = Make.Backend("cart"), Percent = 25 }),
                Mirror(new HTTPRequestMirrorFilter { BackendRef = Make.Backend("cart"), Fraction = new Fraction { Numerator = 1, Denominator = 1000 } }),
                Mirror(new HTTPRequestMirrorFilter { BackendRef = Make.Backend("cart"), Percent = 0 }),
                Mirror(new HTTPRequestMirrorFilter { BackendRef = Make.Backend("nope") }),
            ],
            BackendRefs = [Make.Backend("cart")],
        });

        var cart = new ServicePortName(Built.Name("shop/cart"), 80);
        Assert.That(built.Rules("shop/cart")[0].Mirrors, Is.EqualTo([new Mirror(cart, 1_000_000), new Mirror(cart, 250_000), new Mirror(cart, 1000)]));
        Assert.That(built.Findings("HTTPRoute", "shop/r"), Is.EqualTo([
            "ResolvedRefs BackendNotFound spec.rules[0].filters[4].requestMirror.backendRef.name: Service shop/nope does not exist"]));
    }

    private static BuildResult Build(params HTTPRouteRule[] rules) => Built.Of(Built.Cart, Make.HttpRoute("shop/r", Make.Parent("cart"), rules));

    private static HTTPRouteFilter Headers(HTTPRouteFilterType type, HTTPHeaderFilter headers) => new()
    {
        Type = type,
        RequestHeaderModifier = type == HTTPRouteFilterType.RequestHeaderModifier ? headers : null,
        ResponseHeaderModifier = type == HTTPRouteFilterType.ResponseHeaderModifier ? headers : null,
    };

    private static HTTPRouteFilter Redirect(HTTPRequestRedirectFilter redirect) => new() { Type = HTTPRouteFilterType.RequestRedirect, RequestRedirect = redirect };

    private static HTTPRouteFilter Rewrite(HTTPURLRewriteFilter rewrite) => new() { Type = HTTPRouteFilterType.URLRewrite, UrlRewrite = rewrite };

    private static HTTPRouteFilter Mirror(HTTPRequestMirrorFilter mirror) => new() { Type = HTTPRouteFilterType.RequestMirror, RequestMirror = mirror };

    private static HTTPPathModifier Path(PathModifierType type, string value) => new()
    {
        Type = type,
        ReplaceFullPath = type == PathModifierType.ReplaceFullPath ? value : null,
        ReplacePrefixMatch = type == PathModifierType.ReplacePrefixMatch ? value : null,
    };
}
