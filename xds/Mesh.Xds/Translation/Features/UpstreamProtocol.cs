// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Upstreams.Http.V3;
using Mesh.Model;
using UpstreamOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace Mesh.Xds.Translation.Features;

/// <summary>What HTTP is spoken to the endpoints, and how connections to them are used.</summary>
internal static class UpstreamProtocol
{
    private const string Key = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    /// <summary>Shorter than what servers usually keep an idle connection open for, so that the closing side is ours.</summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);

    public static void Apply(Cluster cluster, PortProtocol protocol, Model.Settings.ConnectionLimits? limits)
    {
        var options = new UpstreamOptions
        {
            CommonHttpProtocolOptions = new Envoy.Config.Core.V3.HttpProtocolOptions
            {
                IdleTimeout = IdleTimeout.ToDuration(),
                MaxRequestsPerConnection = limits?.MaxRequestsPerConnection,
            },
        };
        switch (protocol)
        {
            case PortProtocol.Http2:
                options.ExplicitHttpConfig = new UpstreamOptions.Types.ExplicitHttpConfig
                {
                    Http2ProtocolOptions = ConnectionManager.Http2(),
                };
                break;
            case PortProtocol.Detect or PortProtocol.Http or PortProtocol.Tcp:
                options.UseDownstreamProtocolConfig = new UpstreamOptions.Types.UseDownstreamHttpConfig
                {
                    HttpProtocolOptions = UpstreamHttp1(),
                    Http2ProtocolOptions = ConnectionManager.Http2(),
                };
                break;
        }

        cluster.TypedExtensionProtocolOptions.Add(Key, ProtoValues.Pack(options));
    }

    private static Http1ProtocolOptions UpstreamHttp1()
    {
        var http1 = ConnectionManager.Http1();
        http1.AcceptHttp10 = false;
        http1.DefaultHostForHttp10 = "";
        return http1;
    }
}
