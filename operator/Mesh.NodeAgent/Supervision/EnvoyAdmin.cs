// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Mesh.NodeAgent.Supervision;

/// <summary>The few questions and orders that a supervisor has for Envoy's admin interface.</summary>
internal sealed class EnvoyAdmin : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Limit };

    /// <summary>A loopback address with a port that is free now. Somebody may take it before Envoy does: then Envoy ends and the next start takes another.</summary>
    public static IPEndPoint FreeAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!; // A bound socket has an end point.
    }

    /// <summary>The node id of the Envoy behind the address; null when nothing there answers like Envoy.</summary>
    public async Task<string?> NodeIdAsync(IPEndPoint admin, CancellationToken ct)
    {
        try
        {
            await using var stream = await _client.GetStreamAsync(new Uri($"http://{admin}/server_info"), ct);
            using var document = await JsonDocument.ParseAsync(stream, default, ct);
            return document.RootElement.GetProperty("node").GetProperty("id").GetString();
        }
        catch (Exception e) when (IsNoAnswer(e, ct))
        {
            return null;
        }
    }

    /// <summary>Tells Envoy to take no new connections; whether it heard does not matter, it is stopped anyway.</summary>
    public async Task DrainAsync(IPEndPoint admin, CancellationToken ct)
    {
        try
        {
            using var response = await _client.PostAsync(new Uri($"http://{admin}/drain_listeners?graceful"), content: null, ct);
        }
        catch (Exception e) when (IsNoAnswer(e, ct))
        {
            // Nobody there to drain.
        }
    }

    public void Dispose() => _client.Dispose();

    private static bool IsNoAnswer(Exception e, CancellationToken ct) =>
        e is HttpRequestException or IOException or JsonException or KeyNotFoundException or InvalidOperationException
        || (e is OperationCanceledException && !ct.IsCancellationRequested);
}
