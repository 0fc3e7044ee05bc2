// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Common.MutationRules.V3;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Http.HeaderFormatters.PreserveCase.V3;
using Google.Protobuf.WellKnownTypes;
using Mesh.Xds.Naming;
using EarlyHeaderMutation = Envoy.Extensions.Http.EarlyHeaderMutation.HeaderMutation.V3.HeaderMutation;
using UpgradeConfig = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types.UpgradeConfig;

namespace Mesh.Xds.Translation;

/// <summary>
/// The HTTP connection manager of captured traffic. A mesh proxy is not a gateway: neither side asked for it, so it passes on what it
/// is given. Paths are matched and sent as written (no normalisation: the application decides what "//" or ".." mean, and the client is
/// not trusted for authorisation here but at the destination), no request id, Via, Server or forwarded-for is added, header names
/// keep their case, and no time limit is imposed that no policy asks for.
/// </summary>
internal static class ConnectionManager
{
    private const uint MaximumHeaders = 1000;
    private const uint StreamWindow = 256 * 1024;
    private const uint ConnectionWindow = 1024 * 1024;

    /// <summary>
    /// How long a request waits for its route table: one that the proxy refused, or that a control plane which is down cannot give, never
    /// comes, and Envoy itself would wait for ever. It is the idle time of streams without a route: every route sets its own, or none.
    /// </summary>
    private static readonly TimeSpan RouteWait = TimeSpan.FromSeconds(10);

    public static HttpConnectionManager Build()
    {
        var manager = new HttpConnectionManager
        {
            StatPrefix = "outbound",
            CodecType = HttpConnectionManager.Types.CodecType.Auto,
            HttpProtocolOptions = Http1(),
            Http2ProtocolOptions = Http2(),
            CommonHttpProtocolOptions = new HttpProtocolOptions { MaxHeadersCount = MaximumHeaders },
            ServerHeaderTransformation = HttpConnectionManager.Types.ServerHeaderTransformation.PassThrough,
            GenerateRequestId = false,
            PreserveExternalRequestId = true,
            UseRemoteAddress = false,
            NormalizePath = false,
            MergeSlashes = false,
            PathWithEscapedSlashesAction = HttpConnectionManager.Types.PathWithEscapedSlashesAction.KeepUnchanged,
            Proxy100Continue = true,

            StreamIdleTimeout = RouteWait.ToDuration(),
            ScopedRoutes = ScopedRoutes(),
        };
        manager.UpgradeConfigs.Add(new UpgradeConfig { UpgradeType = "websocket" });
        manager.EarlyHeaderMutationExtensions.Add(DestinationHeader());
        manager.HttpFilters.AddRange(HttpFilterChain.Filters());
        return manager;
    }

    public static Http1ProtocolOptions Http1() => new()
    {
        AcceptHttp10 = true,

        // HTTP/1.0 knows requests without Host, HTTP/1.1 upstream does not.
        DefaultHostForHttp10 = "localhost",
        EnableTrailers = true,
        HeaderKeyFormat = new Http1ProtocolOptions.Types.HeaderKeyFormat
        {
            StatefulFormatter = ProtoValues.Extension(
                "envoy.http.stateful_header_formatters.preserve_case", new PreserveCaseFormatterConfig { ForwardReasonPhrase = true }),
        },
    };

    public static Http2ProtocolOptions Http2() => new()
    {
        AllowConnect = true,
        InitialStreamWindowSize = StreamWindow,
        InitialConnectionWindowSize = ConnectionWindow,
    };

    /// <summary>One small scope per service address and port; its route table is fetched at first use.</summary>
    private static ScopedRoutes ScopedRoutes()
    {
        var keys = new ScopedRoutes.Types.ScopeKeyBuilder();
        keys.Fragments.Add(new ScopedRoutes.Types.ScopeKeyBuilder.Types.FragmentBuilder
        {
            HeaderValueExtractor = new ScopedRoutes.Types.ScopeKeyBuilder.Types.FragmentBuilder.Types.HeaderValueExtractor
            {
                Name = OriginalDestination.Header,
                Index = 0,
            },
        });
        return new ScopedRoutes
        {
            Name = "outbound",
            ScopeKeyBuilder = keys,
            RdsConfigSource = ConfigSources.Ads(),
            ScopedRds = new ScopedRds { ScopedRdsConfigSource = ConfigSources.Ads() },
        };
    }

    /// <summary>Before routing, so that no client can choose its scope or an own cluster.</summary>
    private static TypedExtensionConfig DestinationHeader()
    {
        var mutation = new EarlyHeaderMutation();
        mutation.Mutations.Add(new HeaderMutation
        {
            Append = new HeaderValueOption
            {
                Header = new HeaderValue { Key = OriginalDestination.Header, Value = OriginalDestination.Format },
                AppendAction = HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd,
            },
        });
        mutation.Mutations.Add(new HeaderMutation { Remove = OriginalDestination.NoBackendHeader });
        return ProtoValues.Extension("envoy.http.early_header_mutation.header_mutation", mutation);
    }
}
