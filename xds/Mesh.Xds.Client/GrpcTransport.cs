// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Grpc.Net.Client;

namespace Mesh.Xds.Client;

/// <summary>Opens gRPC channels over TCP and unix sockets.</summary>
internal static class GrpcTransport
{
    private const string UnixScheme = "unix";

    public static GrpcChannel Open(Uri address)
    {
        var handler = new SocketsHttpHandler
        {
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        };
        var isUnix = address.Scheme == UnixScheme;
        if (isUnix)
        {
            handler.ConnectCallback = (_, ct) => ConnectAsync(address.AbsolutePath, ct);
        }

        return GrpcChannel.ForAddress(
            isUnix ? new Uri("http://localhost") : address,
            new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = null });
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
