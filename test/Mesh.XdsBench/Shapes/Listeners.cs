// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Rbac.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Type.Matcher.V3;
using Mesh.Xds.Snapshots;
using RbacFilter = Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;

namespace Mesh.XdsBench.Shapes;

/// <summary>A listener of one service, with a connection manager that fetches its routes.</summary>
internal static class Listeners
{
    public static Listener Build(BenchService service) => new()
    {
        Name = service.ListenerName,
        Address = Sources.At(service.Address),
        FilterChains =
        {
            new FilterChain
            {
                Name = "default",
                Filters =
                {
                    new Envoy.Config.Listener.V3.Filter
                    {
                        Name = "envoy.filters.network.http_connection_manager",
                        TypedConfig = ResourceEncoder.Pack(ConnectionManager(service)),
                    },
                },
                TransportSocket = new TransportSocket { Name = "envoy.transport_sockets.tls", TypedConfig = ResourceEncoder.Pack(Tls()) },
            },
        },
        PerConnectionBufferLimitBytes = 32768,
        TrafficDirection = TrafficDirection.Outbound,
        BindToPort = false,
    };

    private static HttpConnectionManager ConnectionManager(BenchService service) => new()
    {
        StatPrefix = service.Name,
        Rds = new Rds { ConfigSource = Sources.Ads, RouteConfigName = service.RouteName },
        HttpFilters =
        {
            new HttpFilter { Name = "envoy.filters.http.rbac", TypedConfig = ResourceEncoder.Pack(SameNamespace(service)) },
            new HttpFilter { Name = "envoy.filters.http.router", TypedConfig = ResourceEncoder.Pack(new Router()) },
        },
        Http2ProtocolOptions = new Http2ProtocolOptions
        {
            MaxConcurrentStreams = 100,
            InitialStreamWindowSize = 64 << 10,
            InitialConnectionWindowSize = 1 << 20,
        },
        ServerName = "mesh",
        UseRemoteAddress = true,
        ForwardClientCertDetails = HttpConnectionManager.Types.ForwardClientCertDetails.AppendForward,
        SetCurrentClientCertDetails = new HttpConnectionManager.Types.SetCurrentClientCertDetails { Subject = true, Dns = true, Uri = true },
        UpgradeConfigs = { new HttpConnectionManager.Types.UpgradeConfig { UpgradeType = "websocket" } },
        StreamIdleTimeout = Sources.Seconds(300),
        RequestTimeout = Sources.Seconds(300),
        NormalizePath = true,
        MergeSlashes = true,
        CommonHttpProtocolOptions = new HttpProtocolOptions
        {
            IdleTimeout = Sources.Seconds(3600),
            HeadersWithUnderscoresAction = HttpProtocolOptions.Types.HeadersWithUnderscoresAction.RejectRequest,
        },
    };

    private static RbacFilter SameNamespace(BenchService service)
    {
        var reads = new Permission.Types.Set
        {
            Rules =
            {
                new Permission { DestinationPort = BenchService.Port },
                new Permission { Header = new HeaderMatcher { Name = ":method", StringMatch = new StringMatcher { Exact = "GET" } } },
            },
        };
        var principal = new Principal.Types.Authenticated
        {
            PrincipalName = new StringMatcher { Prefix = $"spiffe://cluster.local/ns/{service.Namespace}/" },
        };
        return new RbacFilter
        {
            Rules = new RBAC
            {
                Policies =
                {
                    ["from-same-namespace"] = new Policy
                    {
                        Permissions = { new Permission { AndRules = reads } },
                        Principals = { new Principal { Authenticated = principal } },
                    },
                },
            },
        };
    }

    private static DownstreamTlsContext Tls() => new()
    {
        CommonTlsContext = new CommonTlsContext
        {
            TlsParams = Sources.AtLeastTls12,
            AlpnProtocols = { "h2", "http/1.1" },
            TlsCertificateSdsSecretConfigs = { Sources.Secret(Sources.WorkloadCertificate) },
            CombinedValidationContext = new CommonTlsContext.Types.CombinedCertificateValidationContext
            {
                DefaultValidationContext = new CertificateValidationContext(),
                ValidationContextSdsSecretConfig = Sources.Secret(Sources.RootCertificate),
            },
        },
        RequireClientCertificate = true,
    };
}
