// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Net.Sockets;
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
        if (tls is not null)
        {
            // By hand, for the options differ with each connection: certificates are renewed.
            handler.ConnectCallback = (context, ct) => ConnectAsync(context, tls, ct);
        }

        return GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, PeerTls tls, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, ct);
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            var options = tls.ClientOptions();
            options.TargetHost = context.DnsEndPoint.Host;
            options.ApplicationProtocols = [SslApplicationProtocol.Http2];
            await stream.AuthenticateAsClientAsync(options, ct);
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
