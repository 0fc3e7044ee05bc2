// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Common.SetFilterState.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Envoy.Type.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mesh.Xds.Naming;
using NetworkFilterState = Envoy.Extensions.Filters.Network.SetFilterState.V3.Config;

namespace Mesh.Xds.Translation;

/// <summary>The filter chains of captured traffic. They name no service, pod or policy, and are the same in every capture mode.</summary>
internal static class FilterChains
{
    public const string Http = "vip-http";
    public const string Tcp = "tcp";
    public const string Pod = "pod";
    public const string Outside = "outside";

    /// <summary>HTTP to a service address.</summary>
    public static FilterChain ForHttp() =>
        Chain(Http, Identity(), Filter("envoy.filters.network.http_connection_manager", ConnectionManager.Build()));

    /// <summary>Any other bytes to a service address: to the cluster named after it, fetched at first use; unknown ones are closed.</summary>
    public static FilterChain ForTcp() => Chain(
        Tcp,
        Identity(),
        Filter("mesh.destination", DestinationCluster()),
        Filter("envoy.filters.network.tcp_proxy", new TcpProxy
        {
            StatPrefix = Tcp,
            Cluster = ClusterName.Block.Value,
            OnDemand = new TcpProxy.Types.OnDemand
            {
                OdcdsConfig = ConfigSources.Ads(),
                Timeout = ConfigSources.OnDemandTimeout.ToDuration(),
            },
            IdleTimeout = new Duration(),

            // Only clusters whose load balancing hashes look at it.
            HashPolicy = { new HashPolicy { SourceIp = new HashPolicy.Types.SourceIp() } },
        }));

    /// <summary>To a destination that is no service: as the client asked for it, or refused.</summary>
    public static FilterChain ForOther(string name, ClusterName cluster) => Chain(
        name,
        Identity(),
        Filter("envoy.filters.network.tcp_proxy", new TcpProxy { StatPrefix = name, Cluster = cluster.Value, IdleTimeout = new Duration() }));

    private static FilterChain Chain(string name, params ReadOnlySpan<Filter> filters)
    {
        var chain = new FilterChain { Name = name };
        foreach (var filter in filters)
        {
            chain.Filters.Add(filter);
        }

        return chain;
    }

    /// <summary>The pods of the node change often, so what maps their addresses is a resource of its own.</summary>
    private static Filter Identity()
    {
        var discovery = new ExtensionConfigSource { ConfigSource = ConfigSources.Ads() };
        discovery.TypeUrls.Add(ProtoValues.Pack(new NetworkFilterState()).TypeUrl);
        return new Filter { Name = ExtensionName.Identity.Value, ConfigDiscovery = discovery };
    }

    private static NetworkFilterState DestinationCluster()
    {
        var config = new NetworkFilterState();
        config.OnNewConnection.Add(new FilterStateValue
        {
            ObjectKey = FilterStateKey.TcpProxyCluster,
            FormatString = new SubstitutionFormatString { TextFormatSource = ProtoValues.Inline(OriginalDestination.Format) },
        });
        return config;
    }

    private static Filter Filter(string name, IMessage config) => new() { Name = name, TypedConfig = ProtoValues.Pack(config) };
}
