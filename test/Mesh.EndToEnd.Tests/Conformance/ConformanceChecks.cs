// SPDX-License-Identifier: Apache-2.0
namespace Mesh.EndToEnd.Tests.Conformance;

/// <summary>What Gateway API's mesh conformance checks demand, by the input file that they apply (GEP-1294, GEP-1426 and the HTTPRoute text).</summary>
internal static class ConformanceChecks
{
    private const string V1 = "echo-v1";
    private const string V2 = "echo-v2";

    /// <summary>Name of the check, its input (empty for none), and its requests.</summary>
    public static IReadOnlyList<(string Name, string Input, HttpCheck[] Checks)> Http { get; } =
    [
        ("MeshBasic", "", [new HttpCheck("/"), new HttpCheck("/") { To = "echo:8080" }]),
        ("MeshHTTPRouteSimpleSameNamespace", "httproute-simple-same-namespace", [new HttpCheck("/") { Backend = V1 }]),
        ("MeshHTTPRouteMatching", "httproute-matching", Matching()),
        ("MeshHTTPRouteRequestHeaderModifier", "httproute-request-header-modifier", HeaderModifier()),
        ("MeshHTTPRouteBackendRequestHeaderModifier", "httproute-request-header-modifier-backend", HeaderModifier()),
        ("MeshHTTPRouteRedirectHostAndStatus", "httproute-redirect-host-and-status",
        [
            Redirect("/hostname-redirect", "http://example.org/hostname-redirect"),
            Redirect("/host-and-status", "http://example.org/host-and-status", 301),
        ]),
        ("MeshTrafficSplit", "mesh-split",
        [
            new HttpCheck("/v1") { Backend = V1 },
            new HttpCheck("/v2") { Backend = V2 },
            new HttpCheck("/") { Status = 404 },
        ]),
        ("MeshHTTPRouteQueryParamMatching", "httproute-query-param-matching", QueryParameters()),
        ("MeshHTTPRouteRewritePath", "httproute-rewrite-path", RewritePath()),
        ("MeshHTTPRouteRedirectPath", "httproute-redirect-path",
        [
            Redirect("/original-prefix/lemon", "http://echo/replacement-prefix/lemon"),
            Redirect("/full/path/original", "http://echo/full-path-replacement"),
            Redirect("/path-and-host", "http://example.org/replacement-prefix"),
            Redirect("/path-and-status", "http://echo/replacement-prefix", 301),
            Redirect("/full-path-and-host", "http://example.org/replacement-full"),
            Redirect("/full-path-and-status", "http://echo/replacement-full", 301),
        ]),
        ("MeshHTTPRouteRedirectPort", "httproute-redirect-port",
        [
            Redirect("/port", "http://echo:8083/port"),
            Redirect("/port-and-host", "http://example.org:8083/port-and-host"),
            Redirect("/port-and-status", "http://echo:8083/port-and-status", 301),
            Redirect("/port-and-host-and-status", "http://example.org:8083/port-and-host-and-status"),
        ]),
        ("MeshHTTPRouteSchemeRedirect", "httproute-redirect-scheme",
        [
            Redirect("/scheme", "https://echo/scheme"),
            Redirect("/scheme-and-host", "https://example.org/scheme-and-host"),
            Redirect("/scheme-and-status", "https://echo/scheme-and-status", 301),
            Redirect("/scheme-and-host-and-status", "https://example.org/scheme-and-host-and-status"),
        ]),
        ("MeshHTTPRouteNamedRule", "httproute-named-rule",
        [
            new HttpCheck("/named") { Backend = V1 },
            new HttpCheck("/unnamed") { Backend = V2 },
        ]),
        ("MeshConsumerRoute", "mesh-consumer-route",
        [
            new HttpCheck("/") { To = V1, From = ConformanceCluster.ConsumerClient, ResponseHeaders = [("x-header-set", "set")] },
            new HttpCheck("/") { To = V1, ResponseHeaders = [("x-header-set", null)] },
        ]),
        ("MeshFrontend", "mesh-frontend",
        [
            new HttpCheck("/") { To = V2, Backend = V2, ResponseHeaders = [("x-header-set", "set")] },
            new HttpCheck("/") { To = ConformanceCluster.EchoV2Pod + ":8080", Backend = V2, ResponseHeaders = [("x-header-set", null)] },
        ]),
        ("MeshFrontendHostname", "mesh-frontend",
        [
            new HttpCheck("/") { To = V2, Host = V1, Backend = V2, ResponseHeaders = [("x-header-set", "set")] },
            new HttpCheck("/") { To = V1, Host = V2, Backend = V1, ResponseHeaders = [("x-header-set", null)] },
        ]),
        ("MeshPorts", "mesh-ports",
        [
            new HttpCheck("/") { To = V1 + ":80", Backend = V1, ResponseHeaders = [("x-header-set", "v1")] },
            new HttpCheck("/") { To = V1 + ":8080", Backend = V1, ResponseHeaders = [("x-header-set", null)] },
            new HttpCheck("/") { To = V2 + ":80", Backend = V2, ResponseHeaders = [("x-header-set", "v2")] },
            new HttpCheck("/") { To = V2 + ":8080", Backend = V2, ResponseHeaders = [("x-header-set", "v2")] },
        ]),
        ("MeshHTTPRoute303Redirect", "httproute-303-redirect", [Redirect("/redirect", "http://echo/redirect", 303)]),
        ("MeshHTTPRoute307Redirect", "httproute-307-redirect", [Redirect("/temporary", "http://echo/temporary", 307)]),
        ("MeshHTTPRoute308Redirect", "httproute-308-redirect", [Redirect("/permanent", "http://echo/permanent", 308)]),
    ];

    private static HttpCheck Redirect(string path, string location, int status = 302) =>
        new(path) { Host = "echo", Status = status, Location = location };

    private static HttpCheck[] Matching() =>
    [
        new("/") { Backend = V1 },
        new("/example") { Backend = V1 },
        new("/") { Headers = [("Version", "one")], Backend = V1 },
        new("/v2") { Backend = V2 },
        new("/v2/example") { Backend = V2 },
        new("/") { Headers = [("Version", "two")], Backend = V2 },
        new("/v2/") { Backend = V2 },
        // Whole segments only: this is not below /v2.
        new("/v2example") { Backend = V1 },
        new("/foo/v2/example") { Backend = V1 },
    ];

    private static HttpCheck[] HeaderModifier() =>
    [
        new("/set") { Headers = [("Some-Other-Header", "val")], Backend = V1, SeenHeaders = [("some-other-header", "val"), ("x-header-set", "set-overwrites-values")] },
        new("/set") { Headers = [("X-Header-Set", "original")], Backend = V1, SeenHeaders = [("x-header-set", "set-overwrites-values")] },
        new("/add") { Headers = [("Some-Other-Header", "val")], Backend = V1, SeenHeaders = [("some-other-header", "val"), ("x-header-add", "add-appends-values")] },
        new("/add") { Headers = [("X-Header-Add", "original")], Backend = V1, SeenHeaders = [("x-header-add", "original,add-appends-values")] },
        new("/remove") { Headers = [("X-Header-Remove", "val")], Backend = V1, SeenHeaders = [("x-header-remove", null)] },
        new("/multiple")
        {
            Headers =
            [
                ("X-Header-Set-2", "set-val-2"), ("X-Header-Add-2", "add-val-2"), ("X-Header-Remove-2", "remove-val-2"), ("Another-Header", "another"),
            ],
            Backend = V1,
            SeenHeaders =
            [
                ("x-header-set-1", "header-set-1"), ("x-header-set-2", "header-set-2"), ("x-header-add-1", "header-add-1"),
                ("x-header-add-2", "add-val-2,header-add-2"), ("x-header-add-3", "header-add-3"), ("another-header", "another"),
                ("x-header-remove-1", null), ("x-header-remove-2", null),
            ],
        },
        new("/case-insensitivity")
        {
            Headers = [("x-header-set", "original"), ("x-header-add", "original"), ("x-header-remove", "val")],
            Backend = V1,
            SeenHeaders = [("x-header-set", "header-set"), ("x-header-add", "original,header-add"), ("x-header-remove", null)],
        },
    ];

    private static HttpCheck[] QueryParameters() =>
    [
        new("/?animal=whale") { Backend = V1 },
        new("/?animal=dolphin") { Backend = V2 },
        new("/?animal=whale&otherparam=irrelevant") { Backend = V1 },
        new("/?animal=dolphin&color=yellow") { Backend = V2 },
        new("/?color=blue") { Status = 404 },
        new("/?animal=dog") { Status = 404 },
        new("/?animal=whaledolphin") { Status = 404 },
        new("/") { Status = 404 },
        new("/path1?animal=whale") { Backend = V1 },
        new("/?animal=whale") { Headers = [("version", "one")], Backend = V2 },
        new("/path3?animal=shark") { Backend = V1 },
        new("/path4?animal=kraken") { Headers = [("version", "three")], Backend = V1 },
        new("/path4?animal=kraken") { Status = 404 },
        new("/path3?animal=kraken") { Headers = [("version", "three")], Status = 404 },
        // A path is more specific than a query parameter.
        new("/path5?animal=hydra") { Backend = V1 },
        new("/?animal=hydra") { Backend = V2 },
    ];

    private static HttpCheck[] RewritePath() =>
    [
        new("/prefix/one/two") { Backend = V1, SeenPath = "/one/two" },
        new("/strip-prefix/three") { Backend = V1, SeenPath = "/three" },
        new("/strip-prefix") { Backend = V1, SeenPath = "/" },
        new("/full/one/two") { Backend = V1, SeenPath = "/one" },
        new("/full/rewrite-path-and-modify-headers/test")
        {
            Headers = [("X-Header-Remove", "remove-val"), ("X-Header-Add-Append", "append-val-1"), ("X-Header-Set", "set-val")],
            Backend = V1,
            SeenPath = "/test",
            SeenHeaders =
            [
                ("x-header-set", "set-overwrites-values"), ("x-header-add", "header-val-1"),
                ("x-header-add-append", "append-val-1,header-val-2"), ("x-header-remove", null),
            ],
        },
        new("/prefix/rewrite-path-and-modify-headers/one")
        {
            Headers = [("X-Header-Remove", "remove-val"), ("X-Header-Add-Append", "append-val-1"), ("X-Header-Set", "set-val")],
            Backend = V1,
            SeenPath = "/prefix/one",
            SeenHeaders =
            [
                ("x-header-set", "set-overwrites-values"), ("x-header-add", "header-val-1"),
                ("x-header-add-append", "append-val-1,header-val-2"), ("x-header-remove", null),
            ],
        },
    ];
}
