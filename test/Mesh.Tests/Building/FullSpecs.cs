// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Features;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

/// <summary>Valid examples that together give every field of the specs.</summary>
internal static class FullSpecs
{
    public static T WithFeatures<T>(T spec)
        where T : TrafficFeatures => (T)(spec with
        {
            Timeouts = new Timeouts { Request = "1s", StreamIdle = "2s", MaxStreamDuration = "3s", Connect = "4s" },
            Retries = new Retries
            {
                Attempts = 3,
                RetryOn = [RetryOn.Reset],
                StatusCodes = [503],
                PerTryTimeout = "1s",
                Backoff = new RetryBackoff { Base = "5ms", Maximum = "8s" },
                Budget = new RetryBudget { Percent = 30, MinimumConcurrency = 5 },
            },
            LoadBalancing = new LoadBalancing
            {
                Algorithm = LoadBalancingAlgorithm.RingHash,
                MinimumRingSize = 1000,
                HashOn = [new HashOn { Type = HashOnType.Cookie, Name = "id", CookieTTL = "1h" }],
            },
            ConnectionLimits = new ConnectionLimits
            {
                MaxConnections = 1,
                MaxPendingRequests = 2,
                MaxRequests = 3,
                MaxRequestsPerConnection = 4,
                MaxConnectionsPerEndpoint = 5,
            },
            OutlierDetection = new OutlierDetection
            {
                Consecutive5xx = 3,
                ConsecutiveGatewayErrors = 4,
                Interval = "3s",
                BaseEjectionTime = "4s",
                MaxEjectionPercent = 50,
            },
        });

    public static LoadBalancing LeastRequest { get; } = new()
    {
        Algorithm = LoadBalancingAlgorithm.LeastRequest,
        ChoiceCount = 3,
        SlowStart = new SlowStart { Window = "30s", MinimumWeightPercent = 20 },
    };

    public static IEnumerable<TrafficPolicySpec> Policies()
    {
        var targets = new[] { Make.Target(PolicyTargetKind.Service, "cart", "http") };
        yield return WithFeatures(new TrafficPolicySpec
        {
            TargetRefs = targets,
            FaultInjection = new FaultInjection
            {
                Delay = new FaultDelay { Duration = "1s", Percent = 50 },
                Abort = new FaultAbort { HttpStatus = 503, Percent = 40 },
            },
            Rules = [.. HttpRules().Select(rule => rule with { Name = null })],
        });
        yield return new TrafficPolicySpec
        {
            TargetRefs = targets,
            LoadBalancing = LeastRequest,
            FaultInjection = new FaultInjection { Abort = new FaultAbort { GrpcStatus = 14 } },
        };
    }

    public static IEnumerable<MeshSpec> Meshes()
    {
        yield return new MeshSpec
        {
            OutboundTraffic = OutboundTrafficMode.Block,
            ServiceCIDRs = ["10.96.0.0/12"],
            PodCIDRs = ["10.244.0.0/16"],
            Defaults = WithFeatures(new MeshDefaults()),
        };
        yield return new MeshSpec { Defaults = new MeshDefaults { LoadBalancing = LeastRequest } };
    }

    public static HTTPRouteSpec HttpRoute() => new() { ParentRefs = [Parent], Hostnames = ["ignored.example"], Rules = [.. HttpRules()] };

    public static GRPCRouteSpec GrpcRoute() => new() { ParentRefs = [Parent], Hostnames = ["ignored.example"], Rules = [GrpcRule()] };

    private static ParentReference Parent => Make.Parent("shop/cart", 80, "http");

    private static HTTPHeaderFilter Headers => new()
    {
        Set = [new HTTPHeader { Name = "a", Value = "1" }],
        Add = [new HTTPHeader { Name = "b", Value = "2" }],
        Remove = ["c"],
    };

    private static BackendObjectReference MirrorTarget => new() { Group = "", Kind = "Service", Name = "pay", Namespace = "shop", Port = 80 };

    private static IEnumerable<HTTPRouteRule> HttpRules()
    {
        var match = new HTTPRouteMatch
        {
            Path = new HTTPPathMatch { Type = PathMatchType.PathPrefix, Value = "/a" },
            Headers = [new HTTPHeaderMatch { Type = ValueMatchType.Exact, Name = "h", Value = "v" }],
            QueryParams = [new HTTPQueryParamMatch { Type = ValueMatchType.Exact, Name = "q", Value = "v" }],
            Method = HTTPMethod.PUT,
        };
        HTTPRouteFilter[] headers =
        [
            new() { Type = HTTPRouteFilterType.RequestHeaderModifier, RequestHeaderModifier = Headers },
            new() { Type = HTTPRouteFilterType.ResponseHeaderModifier, ResponseHeaderModifier = Headers },
        ];
        yield return new HTTPRouteRule
        {
            Name = "first",
            Matches = [match],
            Filters =
            [
                .. headers,
                Mirror(new HTTPRequestMirrorFilter { BackendRef = MirrorTarget, Percent = 10 }),
                Mirror(new HTTPRequestMirrorFilter { BackendRef = MirrorTarget, Fraction = new Fraction { Numerator = 1, Denominator = 10 } }),
                Rewrite("x.org", new HTTPPathModifier { Type = PathModifierType.ReplaceFullPath, ReplaceFullPath = "/full" }),
            ],
            BackendRefs = [new HTTPBackendRef { Group = "", Kind = "Service", Name = "cart", Namespace = "shop", Port = 80, Weight = 3, Filters = headers }],
            Timeouts = new HTTPRouteTimeouts { Request = "8s", BackendRequest = "5s" },
        };
        yield return new HTTPRouteRule
        {
            Filters =
            [
                new HTTPRouteFilter
                {
                    Type = HTTPRouteFilterType.RequestRedirect,
                    RequestRedirect = new HTTPRequestRedirectFilter
                    {
                        Scheme = RedirectScheme.https,
                        Hostname = "y.org",
                        Port = 8443,
                        StatusCode = 307,
                        Path = new HTTPPathModifier { Type = PathModifierType.ReplacePrefixMatch, ReplacePrefixMatch = "/p" },
                    },
                },
            ],
        };
    }

    private static GRPCRouteRule GrpcRule() => new()
    {
        Name = "first",
        Matches =
        [
            new GRPCRouteMatch
            {
                Method = new GRPCMethodMatch { Type = ValueMatchType.Exact, Service = "s", Method = "m" },
                Headers = [new HTTPHeaderMatch { Type = ValueMatchType.Exact, Name = "h", Value = "v" }],
            },
        ],
        Filters =
        [
            new GRPCRouteFilter { Type = GRPCRouteFilterType.RequestHeaderModifier, RequestHeaderModifier = Headers },
            new GRPCRouteFilter { Type = GRPCRouteFilterType.ResponseHeaderModifier, ResponseHeaderModifier = Headers },
            new GRPCRouteFilter { Type = GRPCRouteFilterType.RequestMirror, RequestMirror = new HTTPRequestMirrorFilter { BackendRef = MirrorTarget, Percent = 10 } },
            new GRPCRouteFilter
            {
                Type = GRPCRouteFilterType.RequestMirror,
                RequestMirror = new HTTPRequestMirrorFilter { BackendRef = MirrorTarget, Fraction = new Fraction { Numerator = 1, Denominator = 10 } },
            },
        ],
        BackendRefs = [new GRPCBackendRef { Group = "", Kind = "Service", Name = "cart", Namespace = "shop", Port = 80, Weight = 3 }, WithFilter(), Second()],
    };

    private static GRPCBackendRef WithFilter() => new()
    {
        Name = "cart",
        Port = 80,
        Filters = [new GRPCRouteFilter { Type = GRPCRouteFilterType.RequestHeaderModifier, RequestHeaderModifier = Headers }],
    };

    private static GRPCBackendRef Second() => new() { Name = "pay", Port = 80 };

    private static HTTPRouteFilter Mirror(HTTPRequestMirrorFilter mirror) => new() { Type = HTTPRouteFilterType.RequestMirror, RequestMirror = mirror };

    private static HTTPRouteFilter Rewrite(string host, HTTPPathModifier path) => new()
    {
        Type = HTTPRouteFilterType.URLRewrite,
        UrlRewrite = new HTTPURLRewriteFilter { Hostname = host, Path = path },
    };
}
