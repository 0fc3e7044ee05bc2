// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Mesh.Model;
using Mesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Endpoint = Mesh.Model.Endpoint;

namespace Mesh.EndToEnd.Tests.Translation;

/// <summary>What a backend saw of a request.</summary>
internal sealed record EchoAnswer(string Server, string Protocol, string Method, string Target, Dictionary<string, string> Headers);

/// <summary>An application: tells what it got, and misbehaves on request (<c>x-test-status</c>, <c>x-test-fail-once</c>, <c>x-test-hang</c>).</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly string name;
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, bool> failed = new(StringComparer.Ordinal);
    private readonly System.Threading.Channels.Channel<EchoAnswer> seen = System.Threading.Channels.Channel.CreateUnbounded<EchoAnswer>();

    private EchoServer(string name, string address, HttpProtocols protocols)
    {
        this.name = name;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Listen(IPAddress.Parse(address), 0, l => l.Protocols = protocols);
        });
        app = builder.Build();
        app.UseWebSockets();
        app.Run(HandleAsync);
    }

    public Mesh.Model.Endpoint Endpoint { get; private set; } = Meshes.Endpoint("127.0.0.1", 1);

    public static async Task<EchoServer> StartAsync(string name, string address, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var server = new EchoServer(name, address, protocols);
        await server.app.StartAsync().WithTimeout();
        var url = server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.Single();
        server.Endpoint = Meshes.Endpoint(address, new Uri(url ?? "").Port);
        return server;
    }

    /// <summary>The next request that arrived, whoever sent it.</summary>
    public Task<EchoAnswer> NextAsync() => seen.Reader.ReadAsync().AsTask().WithTimeout();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            await EchoSocketAsync(context);
            return;
        }

        var request = context.Request;
        var answer = new EchoAnswer(
            name,
            request.Protocol,
            request.Method,
            context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "",
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        seen.Writer.TryWrite(answer);
        if (request.Headers.ContainsKey("x-test-hang"))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        context.Response.StatusCode = Status(request);
        context.Response.Headers["X-Server-Header"] = "kept";
        context.Response.ContentType = request.ContentType is "application/grpc" ? "application/grpc" : "application/json";
        if (request.ContentType is "application/grpc" && context.Features.Get<IHttpResponseTrailersFeature>() is { } trailers)
        {
            trailers.Trailers["grpc-status"] = "0";
        }

        await context.Response.WriteAsync(JsonSerializer.Serialize(answer));
    }

    private int Status(HttpRequest request)
    {
        if (request.Headers["x-test-fail-once"].ToString() is { Length: > 0 } key && failed.TryAdd(key, value: true))
        {
            return StatusCodes.Status503ServiceUnavailable;
        }

        return int.TryParse(request.Headers["x-test-status"], CultureInfo.InvariantCulture, out var status) ? status : StatusCodes.Status200OK;
    }

    private static async Task EchoSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
        await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, context.RequestAborted);
    }
}
