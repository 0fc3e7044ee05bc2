// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Translation;

/// <summary>Routes as a real Envoy carries them out.</summary>
internal sealed class RoutingTests
{
    private TrafficWorld world = null!; // set before every test
    private string plain = "";
    private string split = "";
    private string matching = "";
    private string broken = "";
    private string rewriting = "";
    private string redirecting = "";
    private string headers = "";
    private string consumed = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        world = new TrafficWorld();
        var one = await world.AddBackendAsync("one");
        var two = await world.AddBackendAsync("two");
        var (v1, _) = world.AddService("v1", [one.Endpoint]);
        var (v2, _) = world.AddService("v2", [two.Endpoint]);
        plain = world.AddService("plain", [one.Endpoint]).Url;
        split = world.AddRouted("split", [], Meshes.Rule(
            Meshes.AnyRequest, Meshes.Forward(Meshes.Backend(v1, 70), Meshes.Backend(v2, 30)))).Url;
        matching = world.AddRouted(
            "matching",
            [],
            Meshes.Rule(Meshes.Exact("/exact"), Meshes.Forward(v1)),
            Meshes.Rule(Meshes.Prefix("/v2"), Meshes.Forward(v2)),
            Meshes.Rule(
                Meshes.Prefix("/") with { Headers = [new ValueMatch("version", ValueMatchKind.Exact, "two")] }, Meshes.Forward(v2)),
            Meshes.Rule(
                Meshes.Prefix("/") with { QueryParameters = [new ValueMatch("animal", ValueMatchKind.RegularExpression, "wh.*")] },
                Meshes.Forward(v1))).Url;
        broken = world.AddRouted(
            "broken",
            [],
            Meshes.Rule(Meshes.Prefix("/none"), Meshes.Forward([])),
            Meshes.Rule(Meshes.Prefix("/bad"), Meshes.Forward(Meshes.Backend(target: null))),
            Meshes.Rule(Meshes.Prefix("/grpc"), Meshes.Forward(Meshes.Backend(target: null)) with { ErrorStatus = 503 }),
            Meshes.Rule(Meshes.Prefix("/half"), Meshes.Forward(Meshes.Backend(v1), Meshes.Backend(target: null)))).Url;
        rewriting = world.AddRouted("rewriting", [], Rewrites(v1)).Url;
        redirecting = world.AddRouted("redirecting", [], Redirects()).Url;
        headers = world.AddRouted("headers", [], HeaderRules(v1)).Url;
        consumed = world.AddService("consumed", [one.Endpoint], p => p with
        {
            Routes = p.Routes with
            {
                Consumers = [new ConsumerRoutes("visitor", [Meshes.Rule(Meshes.Prefix("/v2"), Meshes.Forward(v2))])],
            },
        }).Url;
        await world.StartAsync();
    }

    [OneTimeTearDown]
    public ValueTask StopAsync() => world.DisposeAsync();

    [Test]
    public async Task Service_without_routes_is_served_and_nothing_is_added_to_the_request()
    {
        var request = PodClient.Get(plain + "//a/../b%2Fc?q=1", ("X-Request-Id", "mine"), ("x-mesh-dst", "o/spoofed"));

        var echo = await world.Caller.EchoAsync(request);

        Assert.That(echo.Server, Is.EqualTo("one"));
        Assert.That(echo.Target, Does.EndWith("b%2Fc?q=1"));
        Assert.That(echo.Headers["X-Request-Id"], Is.EqualTo("mine"));
        Assert.That(echo.Headers.Keys, Is.SubsetOf(new[] { "Host", "X-Request-Id", "X-Request-ID", "x-forwarded-proto" }));
    }

    [Test]
    public async Task Response_keeps_what_the_server_said_and_gets_nothing_else()
    {
        using var response = await world.Caller.SendAsync(PodClient.Get(plain));

        Assert.That(response.Headers.Select(h => h.Key), Is.EquivalentTo(new[] { "Date", "X-Server-Header", "Transfer-Encoding" }));
    }

    [Test]
    public async Task Cluster_and_route_table_are_fetched_at_first_use_only()
    {
        await world.Caller.EchoAsync(PodClient.Get(plain));
        await world.Caller.EchoAsync(PodClient.Get(plain));

        var asked = world.Envoy.Ads.Asked.Where(k => k.Name.Contains("shop/plain", StringComparison.Ordinal)).Select(k => k.Type);

        Assert.That(asked, Is.EquivalentTo(new[] { Xds.ResourceType.Route, Xds.ResourceType.Cluster, Xds.ResourceType.Endpoint }));
    }

    [Test]
    public async Task Weights_share_out_the_requests()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < 500; i++)
        {
            var server = (await world.Caller.EchoAsync(PodClient.Get(split))).Server;
            counts[server] = counts.GetValueOrDefault(server) + 1;
        }

        Assert.That(counts["one"], Bounds.Share(0.7, 500));
    }

    [TestCase("/exact", "", "one")]
    [TestCase("/v2", "", "two")]
    [TestCase("/v2/example", "", "two")]
    [TestCase("/other", "two", "two")]
    [TestCase("/other?animal=whale", "", "one")]
    [TestCase("/v2example", "", null)]
    [TestCase("/exact/more", "", null)]
    [TestCase("/other?animal=dolphin", "", null)]
    public async Task Match_decides_or_the_answer_is_404(string path, string version, string? expected)
    {
        using var response = await world.Caller.SendAsync(PodClient.Get(matching + path, ("Version", version)));

        Assert.That(response.StatusCode, Is.EqualTo(expected is null ? HttpStatusCode.NotFound : HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain(expected is null ? "" : $"\"Server\":\"{expected}\""));
    }

    [TestCase("/none", HttpStatusCode.InternalServerError)]
    [TestCase("/bad", HttpStatusCode.InternalServerError)]
    [TestCase("/grpc", HttpStatusCode.ServiceUnavailable)]
    public async Task Rule_without_good_backend_answers_the_error(string path, HttpStatusCode expected)
    {
        Assert.That(await world.Caller.StatusAsync(PodClient.Get(broken + path)), Is.EqualTo(expected));
    }

    [Test]
    public async Task Share_of_a_bad_backend_answers_500_and_asks_the_control_plane_for_nothing()
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 100; i++)
        {
            statuses.Add(await world.Caller.StatusAsync(PodClient.Get(broken + "/half", ("x-mesh-no-backend", "s/shop/v2:80"))));
        }

        Assert.That(statuses.Count(s => s == HttpStatusCode.InternalServerError), Bounds.Share(0.5, 100));
        Assert.That(statuses.Distinct(), Is.EquivalentTo(new[] { HttpStatusCode.OK, HttpStatusCode.InternalServerError }));
        Assert.That(world.Envoy.Ads.Asked.Select(k => k.Name), Has.None.Empty);
    }

    [TestCase("/prefix/one", "/one")]
    [TestCase("/prefix/one/two?q=%20", "/one/two?q=%20")]
    [TestCase("/strip", "/")]
    [TestCase("/strip/", "/")]
    [TestCase("/strip/three?x=1", "/three?x=1")]
    [TestCase("/slash/bar", "/xyz/bar")]
    [TestCase("/full/a/b?c=d", "/whole%20path?c=d")]
    [TestCase("/root", "/under/root")]
    public async Task Path_is_rewritten(string path, string expected)
    {
        Assert.That((await world.Caller.EchoAsync(PodClient.Get(rewriting + path))).Target, Is.EqualTo(expected));
    }

    [Test]
    public async Task Host_is_rewritten()
    {
        var echo = await world.Caller.EchoAsync(PodClient.Get(rewriting + "/host"));

        Assert.That(echo.Headers["Host"], Is.EqualTo("example.org"));
    }

    [TestCase("/prefix/more?q=1", 302, "http://HOST/new/more?q=1")]
    [TestCase("/strip/more", 302, "http://HOST/more")]
    [TestCase("/full", 301, "http://example.org/else")]
    [TestCase("/port", 303, "http://NAME:8083/port")]
    [TestCase("/scheme", 307, "https://HOST/scheme")]
    [TestCase("/permanent", 308, "http://example.org/permanent")]
    public async Task Redirect_answers_with_the_new_location(string path, int status, string location)
    {
        var host = new Uri(redirecting);

        using var response = await world.Caller.SendAsync(PodClient.Get(redirecting + path));

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(
            response.Headers.Location?.OriginalString,
            Is.EqualTo(location.Replace("HOST", host.Authority, StringComparison.Ordinal).Replace("NAME", host.Host, StringComparison.Ordinal)));
    }

    [TestCase("/route")]
    [TestCase("/backend")]
    public async Task Headers_are_set_added_and_removed_by_rule_and_by_backend(string path)
    {
        var request = PodClient.Get(headers + path, ("x-set", "old"), ("X-Add", "one"), ("X-Remove", "x"));

        using var response = await world.Caller.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();

        Assert.That(response.Headers.GetValues("X-Answer"), Is.EqualTo(new[] { "100%" }));
        Assert.That(response.Headers.Contains("X-Server-Header"), Is.False);
        Assert.That(body, Does.Contain("\"new 100%\"").And.Contain("\"one,two\"").And.Not.Contain("X-Remove"));
    }

    [Test]
    public async Task Header_changes_of_a_backend_come_after_those_of_its_rule()
    {
        var request = PodClient.Get(headers + "/both", ("X-Add", "one"));

        using var response = await world.Caller.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();

        Assert.That(response.Headers.GetValues("X-Answer"), Is.EqualTo(new[] { "100%" }));
        Assert.That(body, Does.Contain("\"new 100%\"").And.Contain("\"one,rule,two\"").And.Not.Contain("x-remove"));
    }

    [Test]
    public async Task Consumer_scope_serves_clients_of_its_namespace_alone()
    {
        Assert.That((await world.Caller.EchoAsync(PodClient.Get(consumed + "/v2"))).Server, Is.EqualTo("one"));
        Assert.That((await world.Stranger.EchoAsync(PodClient.Get(consumed + "/v2"))).Server, Is.EqualTo("two"));
        Assert.That(await world.Stranger.StatusAsync(PodClient.Get(consumed + "/other")), Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static RouteRule[] Rewrites(ServicePortName target)
    {
        RouteRule Rule(string prefix, PathRewrite? path, string? host = null) =>
            Meshes.Rule(Meshes.Prefix(prefix), Meshes.Forward(target) with { PathRewrite = path, HostRewrite = host });
        return
        [
            Rule("/prefix/one", new PathRewrite(IsPrefix: true, "/one")),
            Rule("/strip", new PathRewrite(IsPrefix: true, "/")),
            Rule("/slash/", new PathRewrite(IsPrefix: true, "/xyz/")),
            Rule("/full", new PathRewrite(IsPrefix: false, "/whole%20path")),
            Rule("/host", path: null, "example.org"),
            Rule("/", new PathRewrite(IsPrefix: true, "/under")),
        ];
    }

    private static RouteRule[] Redirects()
    {
        var same = new RouteAction.Redirect { Scheme = null, Hostname = null, Port = null, Path = null, StatusCode = 302 };
        return
        [
            Meshes.Rule(Meshes.Prefix("/prefix"), same with { Path = new PathRewrite(IsPrefix: true, "/new") }),
            Meshes.Rule(Meshes.Prefix("/strip"), same with { Path = new PathRewrite(IsPrefix: true, "/") }),
            Meshes.Rule(
                Meshes.Prefix("/full"),
                same with { Path = new PathRewrite(IsPrefix: false, "/else"), Hostname = "example.org", StatusCode = 301 }),
            Meshes.Rule(Meshes.Prefix("/port"), same with { Port = 8083, StatusCode = 303 }),
            Meshes.Rule(Meshes.Prefix("/scheme"), same with { Scheme = "https", StatusCode = 307 }),
            Meshes.Rule(Meshes.Prefix("/permanent"), same with { Hostname = "example.org", StatusCode = 308 }),
        ];
    }

    private static HeaderChanges Setting(string name, string value) => HeaderChanges.None with { Set = [new HeaderValue(name, value)] };

    private static RouteRule[] HeaderRules(ServicePortName target)
    {
        var request = new HeaderChanges
        {
            Set = [new HeaderValue("X-Set", "new 100%")],
            Add = [new HeaderValue("x-add", "two")],
            Remove = ["x-remove"],
        };
        var response = new HeaderChanges { Set = [new HeaderValue("X-Answer", "100%")], Add = [], Remove = ["x-server-header"] };
        var backend = Meshes.Backend(target) with { RequestHeaders = request, ResponseHeaders = response };
        return
        [
            Meshes.Rule(Meshes.Prefix("/route"), Meshes.Forward(target)) with { RequestHeaders = request, ResponseHeaders = response },
            Meshes.Rule(Meshes.Prefix("/backend"), Meshes.Forward(backend)),
            Meshes.Rule(Meshes.Prefix("/both"), Meshes.Forward(backend)) with
            {
                RequestHeaders = Setting("x-set", "rule") with { Add = [new HeaderValue("x-add", "rule"), new HeaderValue("x-remove", "rule")] },
                ResponseHeaders = Setting("x-answer", "rule"),
            },
        ];
    }
}
