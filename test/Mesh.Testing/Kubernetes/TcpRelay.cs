// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Mesh.Testing.Kubernetes;

/// <summary>A loopback port that leads to another, as a network does that can be cut: then what runs through it breaks and nobody new gets through.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly HashSet<Socket> open = [];
    private readonly CancellationTokenSource stop = new();
    private volatile IPEndPoint target;
    private readonly Task accepting;
    private bool isCut;

    public TcpRelay(int port)
    {
        target = new IPEndPoint(IPAddress.Loopback, port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    public void Cut()
    {
        lock (gate)
        {
            isCut = true;
            Break();
        }
    }

    /// <summary>Breaks what runs through it; who comes anew gets through.</summary>
    public void Break()
    {
        lock (gate)
        {
            foreach (var socket in open)
            {
                // Zero seconds of linger: a reset, as from a router that has lost its tables.
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Dispose();
            }

            open.Clear();
        }
    }

    /// <summary>Leads to another port from now on, as a Service does when a pod is gone; what runs through it breaks.</summary>
    public void Redirect(int port)
    {
        Cut();
        target = new IPEndPoint(IPAddress.Loopback, port);
        Restore();
    }

    public void Restore()
    {
        lock (gate)
        {
            isCut = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        Cut();
        await accepting;
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relayed = new List<Task>();
        try
        {
            while (true)
            {
                relayed.Add(RelayAsync(await listener.AcceptSocketAsync(stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(relayed);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                if (!TryOpen(client, server))
                {
                    return;
                }

                await server.ConnectAsync(target, stop.Token);
                await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // Cut, or the other side is gone.
            }
            finally
            {
                Close(client, server);
            }
        }
    }

    private bool TryOpen(params Socket[] pair)
    {
        lock (gate)
        {
            if (!isCut)
            {
                open.UnionWith(pair);
            }

            return !isCut;
        }
    }

    private void Close(params Socket[] pair)
    {
        lock (gate)
        {
            open.ExceptWith(pair);
        }
    }

    /// <summary>Ends when one side does; with it goes the whole connection.</summary>
    private async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await from.ReceiveAsync(buffer, SocketFlags.None, stop.Token) is > 0 and var length)
            {
                for (var sent = 0; sent < length;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), SocketFlags.None, stop.Token);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut, or the other side is gone.
        }
    }
}
