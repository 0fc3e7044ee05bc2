// SPDX-License-Identifier: Apache-2.0
using Grpc.Net.Client;
using Mesh.Xds.Hosting.Tls;

namespace Mesh.Operator.Replicas;

/// <summary>Connects to another replica.</summary>
internal static class ReplicaChannel
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(5);

    /// <param name="address">Address and port.</param>
    /// <param name="tls">Null for plain text.</param>
    public static GrpcChannel Open(string address, PeerTls? tls)
    {
        var handler = new SocketsHttpHandler
        {
            // A leader whose machine is gone says nothing at all.
            KeepAlivePingDelay = Ping,
            KeepAlivePingTimeout = Ping,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            ConnectTimeout = ConnectLimit,
        };
        if (tls is null)
        {
            return Open($"http://{address}", handler);
        }

        // What is presented and trusted now: whoever connects again opens another channel.
        handler.SslOptions = tls.ClientOptions();
        return Open($"https://{address}", handler);
    }

    private static GrpcChannel Open(string address, SocketsHttpHandler handler) =>
        GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
}
