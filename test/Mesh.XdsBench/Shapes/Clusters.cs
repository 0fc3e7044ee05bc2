// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Type.Matcher.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using Mesh.Xds.Snapshots;

namespace Mesh.XdsBench.Shapes;

/// <summary>A cluster as a mesh with mTLS has it: circuit breakers, outlier detection, SDS, HTTP/2.</summary>
internal static class Clusters
{
    public static Cluster Build(BenchService service) => new()
    {
        Name = service.ClusterName,
        Type = Cluster.Types.DiscoveryType.Eds,
        EdsClusterConfig = new Cluster.Types.EdsClusterConfig { EdsConfig = Sources.Ads, ServiceName = service.ClusterName },
        ConnectTimeout = Sources.Seconds(5),
        LbPolicy = Cluster.Types.LbPolicy.LeastRequest,
        CircuitBreakers = new CircuitBreakers
        {
            Thresholds = { Threshold(RoutingPriority.Default, 2048, 8192, true), Threshold(RoutingPriority.High, 4096, 16384, false) },
        },
        OutlierDetection = new OutlierDetection
        {
            Consecutive5Xx = 5,
            Interval = Sources.Seconds(10),
            BaseEjectionTime = Sources.Seconds(30),
            MaxEjectionPercent = 33,
            EnforcingConsecutive5Xx = 100,
            ConsecutiveGatewayFailure = 5,
            EnforcingConsecutiveGatewayFailure = 100,
        },
        TransportSocket = new TransportSocket { Name = "envoy.transport_sockets.tls", TypedConfig = ResourceEncoder.Pack(Tls(service)) },
        Metadata = Owner(service),
        CommonLbConfig = new Cluster.Types.CommonLbConfig
        {
            HealthyPanicThreshold = new Percent { Value = 40 },
            LocalityWeightedLbConfig = new Cluster.Types.CommonLbConfig.Types.LocalityWeightedLbConfig(),
        },
        AltStatName = $"{service.Name}.{service.Namespace}",
        UpstreamConnectionOptions = new UpstreamConnectionOptions
        {
            TcpKeepalive = new TcpKeepalive { KeepaliveProbes = 3, KeepaliveTime = 60, KeepaliveInterval = 10 },
        },
        TypedExtensionProtocolOptions = { ["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"] = ResourceEncoder.Pack(Http2()) },
    };

    private static CircuitBreakers.Types.Thresholds Threshold(RoutingPriority priority, uint pending, uint requests, bool track) => new()
    {
        Priority = priority,
        MaxConnections = 4096,
        MaxPendingRequests = pending,
        MaxRequests = requests,
        MaxRetries = 128,
        TrackRemaining = track,
    };

    private static UpstreamTlsContext Tls(BenchService service) => new()
    {
        CommonTlsContext = new CommonTlsContext
        {
            TlsParams = Sources.AtLeastTls12,
            AlpnProtocols = { "h2", "http/1.1" },
            TlsCertificateSdsSecretConfigs = { Sources.Secret(Sources.WorkloadCertificate) },
            CombinedValidationContext = new CommonTlsContext.Types.CombinedCertificateValidationContext
            {
                DefaultValidationContext = new CertificateValidationContext
                {
                    MatchTypedSubjectAltNames =
                    {
                        new SubjectAltNameMatcher
                        {
                            SanType = SubjectAltNameMatcher.Types.SanType.Uri,
                            Matcher = new StringMatcher { Exact = $"spiffe://cluster.local/ns/{service.Namespace}/sa/{service.Name}" },
                        },
                    },
                },
                ValidationContextSdsSecretConfig = Sources.Secret(Sources.RootCertificate),
            },
        },
        Sni = $"outbound_.8080_._.{service.Host}",
    };

    private static Metadata Owner(BenchService service) => new()
    {
        FilterMetadata =
        {
            ["mesh"] = new Struct
            {
                Fields =
                {
                    ["namespace"] = Value.ForString(service.Namespace),
                    ["owner"] = Value.ForString(service.Team),
                    ["service"] = Value.ForString(service.Host),
                },
            },
        },
    };

    private static Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions Http2() => new()
    {
        CommonHttpProtocolOptions = new HttpProtocolOptions { IdleTimeout = Sources.Seconds(3600), MaxRequestsPerConnection = 100_000 },
        ExplicitHttpConfig = new Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions.Types.ExplicitHttpConfig
        {
            Http2ProtocolOptions = new Http2ProtocolOptions
            {
                MaxConcurrentStreams = 1024,
                InitialStreamWindowSize = 1 << 20,
                InitialConnectionWindowSize = 4 << 20,
            },
        },
    };
}
