// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Mesh.Testing;

/// <summary>Calls as a pod does: from the pod's own address, which is how the mesh knows who asks.</summary>
public sealed class PodClient : IDisposable
{
    private readonly SocketsHttpHandler handler;
    private readonly HttpClient http;

    public PodClient(string address)
    {
        handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(address, context.DnsEndPoint, cancellationToken),
        };
        http = new HttpClient(handler) { Timeout = Timeouts.Default };
    }

    /// <summary>For clients of other protocols (gRPC, WebSocket) that take a handler.</summary>
    public HttpMessageHandler Handler => handler;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => http.SendAsync(request);

    public async Task<EchoAnswer> GetAsync(string url, IEnumerable<(string Name, string Value)>? headers = null, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Host = host;
        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request);
        return await EchoAnswer.OfAsync(response);
    }

    /// <summary>Waits until a 200 comes back: a listener that Envoy has acknowledged may not be bound yet, and nothing tells when it is.</summary>
    public async Task AnsweredAsync(string url)
    {
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        do
        {
            try
            {
                if ((await GetAsync(url)).Status == 200)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not there yet.
            }
        }
        while (await timer.WaitForNextTickAsync(limit.Token));
    }

    public void Dispose() => http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(string source, DnsEndPoint target, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
            await socket.ConnectAsync(IPAddress.Parse(target.Host), target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>What came back, and, when an echo server answered, what had arrived there.</summary>
public sealed record EchoAnswer
{
    public required int Status { get; init; }

    /// <summary>Names in lower case.</summary>
    public required IReadOnlyDictionary<string, string> ResponseHeaders { get; init; }

    /// <summary>Empty when no echo server answered.</summary>
    public required string Pod { get; init; }

    public required string Version { get; init; }

    public required string Path { get; init; }

    public required string Host { get; init; }

    /// <summary>As they arrived; names in lower case.</summary>
    public required IReadOnlyDictionary<string, string[]> RequestHeaders { get; init; }

    public required string Body { get; init; }

    public static async Task<EchoAnswer> OfAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        var isEcho = response.Headers.Contains("x-echo-pod") && body.StartsWith('{');
        using var document = isEcho ? JsonDocument.Parse(body) : null;
        var echo = document?.RootElement;
        return new EchoAnswer
        {
            Status = (int)response.StatusCode,
            ResponseHeaders = response.Headers.ToDictionary(
                pair => pair.Key.ToLowerInvariant(), pair => string.Join(",", pair.Value), StringComparer.Ordinal),
            Pod = Text(echo, "pod"),
            Version = Text(echo, "version"),
            Path = Text(echo, "path"),
            Host = Text(echo, "host"),
            RequestHeaders = echo is null
                ? new Dictionary<string, string[]>(StringComparer.Ordinal)
                : echo.Value.GetProperty("headers").EnumerateObject().ToDictionary(
                    header => header.Name, header => header.Value.EnumerateArray().Select(value => value.GetString()!).ToArray(), StringComparer.Ordinal),
            Body = body,
        };
    }

    private static string Text(JsonElement? echo, string name) => echo?.GetProperty(name).GetString() ?? string.Empty;
}
