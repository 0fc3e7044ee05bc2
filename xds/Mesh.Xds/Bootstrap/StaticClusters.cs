// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Extensions.Upstreams.Http.V3;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation;
using HttpProtocolOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace Mesh.Xds.Bootstrap;

/// <summary>The clusters that are there before the control plane has said anything.</summary>
internal static class StaticClusters
{
    private const uint StreamWindow = 1024 * 1024;

    public static Cluster ControlPlane(ControlPlaneAddress address)
    {
        var cluster = new Cluster
        {
            Name = ClusterName.ControlPlane.Value,
            Type = NeedsDns(address) ? Cluster.Types.DiscoveryType.StrictDns : Cluster.Types.DiscoveryType.Static,
            ConnectTimeout = TimeSpan.FromSeconds(1).ToDuration(),
            TransportSocket = address.Tls is { } tls ? ControlPlaneSocket.Build(tls) : null,
            LoadAssignment = new ClusterLoadAssignment { ClusterName = ClusterName.ControlPlane.Value },
        };
        var locality = new LocalityLbEndpoints();
        locality.LbEndpoints.Add(new LbEndpoint { Endpoint = new Endpoint { Address = ToAddress(address) } });
        cluster.LoadAssignment.Endpoints.Add(locality);
        cluster.TypedExtensionProtocolOptions.Add(
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", ProtoValues.Pack(ControlPlaneToken.Shown(Grpc(), address.Tls)));
        return cluster;
    }

    public static Cluster Passthrough() => new()
    {
        Name = ClusterName.Passthrough.Value,
        Type = Cluster.Types.DiscoveryType.OriginalDst,
        LbPolicy = Cluster.Types.LbPolicy.ClusterProvided,
        ConnectTimeout = TimeSpan.FromSeconds(5).ToDuration(),
        CleanupInterval = TimeSpan.FromSeconds(60).ToDuration(),
    };

    public static Cluster Block() => new()
    {
        Name = ClusterName.Block.Value,
        Type = Cluster.Types.DiscoveryType.Static,
        ConnectTimeout = TimeSpan.FromSeconds(1).ToDuration(),
    };

    private static bool NeedsDns(ControlPlaneAddress address) => address.Host is { } host && !IPAddress.TryParse(host, out _);

    private static Address ToAddress(ControlPlaneAddress address) => address.SocketPath is { } path
        ? new Address { Pipe = new Pipe { Path = path } }
        : ProtoValues.Socket(address.Host ?? "127.0.0.1", address.Port);

    /// <summary>HTTP/2, with pings: a control plane that vanished without a word must not be taken for a silent one.</summary>
    private static HttpProtocolOptions Grpc() => new()
    {
        ExplicitHttpConfig = new HttpProtocolOptions.Types.ExplicitHttpConfig
        {
            Http2ProtocolOptions = new Http2ProtocolOptions
            {
                ConnectionKeepalive = new KeepaliveSettings
                {
                    Interval = TimeSpan.FromSeconds(30).ToDuration(),
                    Timeout = TimeSpan.FromSeconds(5).ToDuration(),
                },
                InitialStreamWindowSize = StreamWindow,
                InitialConnectionWindowSize = StreamWindow,
            },
        },
    };
}
