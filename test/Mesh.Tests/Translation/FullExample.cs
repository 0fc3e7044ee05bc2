// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Model.Settings;
using Mesh.Testing;

namespace Mesh.Tests.Translation;

/// <summary>Models that use everything; two, for some settings exclude each other.</summary>
internal static class FullExample
{
    public static ServicePortName Target { get; } = Meshes.Port("cart", 8080);

    private static ServicePortName Copies { get; } = Meshes.Port("copies", 8080);

    private static Origins Policy { get; } = Origins.Of(new ResourceRef("TrafficPolicy", "shop", "cart", 3));

    public static ServicePort First { get; } = Port(
        new LoadBalancing
        {
            Algorithm = LoadBalancingAlgorithm.LeastRequest,
            ChoiceCount = 4,
            MinimumRingSize = null,
            SlowStart = new SlowStart(TimeSpan.FromSeconds(30), 20),
        },
        new FaultAbort(503, GrpcStatus: null, 200_000));

    public static ServicePort Second { get; } = Port(
        new LoadBalancing { Algorithm = LoadBalancingAlgorithm.RingHash, ChoiceCount = null, MinimumRingSize = 2048, SlowStart = null },
        new FaultAbort(HttpStatus: null, 14, 200_000));

    public static MeshModel Model(ServicePort port, long revision = 1) => Meshes.Model(
        revision,
        [Meshes.Service("127.96.0.10", port), Meshes.Service("10.96.0.11", Meshes.ServicePort(Copies))],
        Meshes.Endpoints(
            Target,
            Meshes.Endpoint("10.244.0.5", 8080) with { Zone = "a" },
            Meshes.Endpoint("fd00::7", 8080) with { Zone = "b", Health = EndpointHealth.Draining })) with
    {
        Workloads = [Meshes.Workload("10.244.0.5", "shop", "cart-1"), Meshes.Workload("fd00::7", "shop", "cart-2")],
    };

    private static ServicePort Port(LoadBalancing balancing, FaultAbort abort) => Meshes.ServicePort(Target) with
    {
        Cluster = new ClusterSettings
        {
            ConnectTimeout = TimeSpan.FromSeconds(3),
            LoadBalancing = balancing,
            ConnectionLimits = new ConnectionLimits
            {
                MaxConnections = 10,
                MaxPendingRequests = 11,
                MaxRequests = 12,
                MaxRequestsPerConnection = 13,
                MaxConnectionsPerEndpoint = 14,
            },
            RetryBudget = new RetryBudget(25, 5),
            OutlierDetection = new OutlierDetection
            {
                Consecutive5xx = 5,
                ConsecutiveGatewayErrors = 6,
                Interval = TimeSpan.FromSeconds(7),
                BaseEjectionTime = TimeSpan.FromSeconds(8),
                MaxEjectionPercent = 50,
            },
        },
        ClusterOrigins = Policy,
        Routes = new RouteTable
        {
            Consumers = [new ConsumerRoutes("visitor", [ForwardRule(abort)])],
            Producer = [ForwardRule(abort), RedirectRule(), Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Target))],
        },
    };

    private static HeaderChanges Changes(string suffix) => new()
    {
        Set = [new HeaderValue($"x-set-{suffix}", "a")],
        Add = [new HeaderValue($"x-add-{suffix}", "b")],
        Remove = [$"x-remove-{suffix}"],
    };

    private static RouteRule ForwardRule(FaultAbort abort) => new()
    {
        Name = "forward",
        Match = new RouteMatch
        {
            PathKind = PathMatchKind.PathPrefix,
            Path = "/api",
            Method = "GET",
            Headers = [new ValueMatch("version", ValueMatchKind.Exact, "two")],
            QueryParameters = [new ValueMatch("animal", ValueMatchKind.RegularExpression, "whale.*")],
            IsGrpc = false,
        },
        Action = new RouteAction.Forward
        {
            Backends =
            [
                Meshes.Backend(Target, 7) with { RequestHeaders = Changes("backend-request"), ResponseHeaders = Changes("backend-response") },
                Meshes.Backend(target: null, 3),
            ],
            PathRewrite = new PathRewrite(IsPrefix: true, "/v1"),
            HostRewrite = "example.org",
            ErrorStatus = 500,
        },
        RequestHeaders = Changes("request"),
        ResponseHeaders = Changes("response"),
        Mirrors = [new Mirror(Copies, 250_000)],
        Settings = Settings(abort),
        Origins = Policy,
    };

    private static RouteSettings Settings(FaultAbort abort) => new()
    {
        Timeouts = new RouteTimeouts
        {
            Request = TimeSpan.FromSeconds(10),
            StreamIdle = TimeSpan.FromSeconds(20),
            MaxStreamDuration = TimeSpan.FromSeconds(30),
        },
        Retries = new Retries
        {
            Attempts = 2,
            On = [RetryCondition.ConnectFailure, RetryCondition.GatewayError],
            StatusCodes = [409],
            PerTryTimeout = TimeSpan.FromSeconds(2),
            BackoffBase = TimeSpan.FromMilliseconds(25),
            BackoffMaximum = TimeSpan.FromSeconds(10),
        },
        Fault = new Fault { Delay = new FaultDelay(TimeSpan.FromSeconds(1), 100_000), Abort = abort },
        HashPolicies =
        [
            new HashPolicy(HashSource.Cookie, "session", TimeSpan.FromHours(1)),
            new HashPolicy(HashSource.SourceAddress, "", CookieTtl: null),
        ],
    };

    private static RouteRule RedirectRule() => Meshes.Rule(
        Meshes.Prefix("/old"),
        new RouteAction.Redirect
        {
            Scheme = "https",
            Hostname = "example.org",
            Port = 8443,
            Path = new PathRewrite(IsPrefix: true, "/new"),
            StatusCode = 301,
        }) with
    { Origins = Policy };
}
