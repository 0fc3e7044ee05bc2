// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Echo;

/// <summary>
/// The HTTP face of a pod. Every path answers with who answered and what arrived; in the path, in any order,
/// <c>/status/503</c>, <c>/delay/200ms</c> and <c>/stream/5</c> change how, and <c>/ws</c> is a WebSocket.
/// </summary>
internal static class HttpEcho
{
    private const int WebSocketBuffer = 16_384;

    public static async Task AnswerAsync(HttpContext context)
    {
        var order = EchoOrder.Parse(context.Request.Path.Value ?? "/");
        if (order.Delay > TimeSpan.Zero)
        {
            await Task.Delay(order.Delay, TimeProvider.System, context.RequestAborted);
        }

        if (context.WebSockets.IsWebSocketRequest)
        {
            await EchoFramesAsync(context);
            return;
        }

        var pod = context.Features.GetRequiredFeature<EchoPod>();
        context.Response.StatusCode = order.Status;
        context.Response.Headers["x-echo-pod"] = pod.Name;
        context.Response.Headers["x-echo-version"] = pod.Version;
        if (order.Lines > 0)
        {
            await StreamAsync(context, order);
            return;
        }

        context.Response.ContentType = "application/json";
        var received = await CountBodyAsync(context);
        if (!BodyAllowed(order.Status))
        {
            return;
        }

        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        Write(writer, context, pod, received);
    }

    private static bool BodyAllowed(int status) => status is >= 200 and not (204 or 205 or 304);

    private static void Write(Utf8JsonWriter writer, HttpContext context, EchoPod pod, long received)
    {
        var request = context.Request;
        writer.WriteStartObject();
        writer.WriteString("pod", pod.Name);
        writer.WriteString("namespace", pod.Namespace);
        writer.WriteString("service", pod.Service);
        writer.WriteString("version", pod.Version);
        writer.WriteString("method", request.Method);
        writer.WriteString("path", request.Path.Value + request.QueryString.Value);
        writer.WriteString("host", request.Host.Value);
        writer.WriteString("protocol", request.Protocol);
        writer.WriteString("remote", context.Connection.RemoteIpAddress?.ToString());
        writer.WriteNumber("port", context.Connection.LocalPort);
        writer.WriteNumber("bodyBytes", received);
        writer.WriteStartObject("headers");
        foreach (var (name, values) in request.Headers)
        {
            writer.WriteStartArray(name.ToLowerInvariant());
            foreach (var value in values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static async Task<long> CountBodyAsync(HttpContext context)
    {
        var total = 0L;
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            total += read.Buffer.Length;
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return total;
            }
        }
    }

    private static async Task StreamAsync(HttpContext context, EchoOrder order)
    {
        context.Response.ContentType = "text/plain";
        for (var line = 0; line < order.Lines; line++)
        {
            if (line > 0 && order.Delay > TimeSpan.Zero)
            {
                await Task.Delay(order.Delay, TimeProvider.System, context.RequestAborted);
            }

            await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{line}\n"), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static async Task EchoFramesAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[WebSocketBuffer];
        while (true)
        {
            var frame = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            if (frame.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, frame.Count), frame.MessageType, frame.EndOfMessage, context.RequestAborted);
        }
    }
}
