// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Translation;

/// <summary>A pod: its connections come from its own address.</summary>
internal sealed class PodClient : IDisposable
{
    private readonly string address;
    private readonly SocketsHttpHandler handler;
    private readonly HttpMessageInvoker http;

    public PodClient(string address)
    {
        this.address = address;
        handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ConnectCallback = ConnectAsync };
        http = new HttpMessageInvoker(handler, disposeHandler: false);
    }

    public HttpMessageInvoker Invoker => http;

    public static HttpRequestMessage Get(string url, params IEnumerable<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version11 };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>Prior knowledge of HTTP/2, with the content type of gRPC.</summary>
    public static HttpRequestMessage Grpc(string url) => new(HttpMethod.Post, url)
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        Headers = { { "te", "trailers" } },
    };

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => http.SendAsync(request, CancellationToken.None).WithTimeout();

    public async Task<HttpStatusCode> StatusAsync(HttpRequestMessage request)
    {
        using var response = await SendAsync(request);
        return response.StatusCode;
    }

    public async Task<EchoAnswer> EchoAsync(HttpRequestMessage request)
    {
        using var response = await SendAsync(request);
        var body = await response.Content.ReadAsStringAsync().WithTimeout();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), body);
        var answer = JsonSerializer.Deserialize<EchoAnswer>(body) ?? throw new InvalidOperationException(body);
        return answer with { Headers = new Dictionary<string, string>(answer.Headers, StringComparer.OrdinalIgnoreCase) };
    }

    public async Task<NetworkStream> ConnectAsync(string host, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Parse(host), port).WithTimeout();
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        http.Dispose();
        handler.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation) =>
        await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port);
}
