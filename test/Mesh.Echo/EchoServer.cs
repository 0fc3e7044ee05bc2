// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Echo;

/// <summary>Plays pods in this process.</summary>
public sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoServer(WebApplication app, IReadOnlyList<EchoPod> pods)
    {
        _app = app;
        Pods = pods;
    }

    /// <summary>The pods with the addresses that they really listen on.</summary>
    public IReadOnlyList<EchoPod> Pods { get; }

    public static async Task<EchoServer> StartAsync(IReadOnlyList<EchoPod> pods, CancellationToken ct)
    {
        var bound = pods.Select(pod => new BoundPod(pod)).ToList();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Connections say by a mark of TLS that they speak HTTP/2 (see CleartextHttp2); their scheme stays http.
            kestrel.AllowAlternateSchemes = true;
            kestrel.AddServerHeader = false;
            foreach (var pod in bound)
            {
                pod.Listen(kestrel);
            }
        });
        var app = builder.Build();
        app.UseWebSockets();
        app.UseRouting();
        app.MapGrpcService<GrpcEcho>();
        app.MapGrpcService<HealthEcho>();
        app.Map("/{**path}", HttpEcho.AnswerAsync);
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException)
        {
            await app.DisposeAsync();
            throw;
        }

        return new EchoServer(app, [.. bound.Select(pod => pod.Current)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>A pod and its listeners, which know their ports once the server runs.</summary>
    private sealed class BoundPod(EchoPod pod)
    {
        private readonly List<ListenOptions> _http = [];
        private readonly List<ListenOptions> _grpc = [];
        private readonly List<ListenOptions> _tcp = [];
        private readonly List<ListenOptions> _banner = [];

        public EchoPod Current => pod with
        {
            Http = Addresses(_http),
            Grpc = Addresses(_grpc),
            Tcp = Addresses(_tcp),
            Banner = Addresses(_banner),
        };

        public void Listen(KestrelServerOptions kestrel)
        {
            Add(kestrel, pod.Http, _http, options =>
            {
                options.Protocols = HttpProtocols.Http1AndHttp2;
                options.Use(CleartextHttp2.Detect);
            });
            Add(kestrel, pod.Grpc, _grpc, options => options.Protocols = HttpProtocols.Http2);
            Add(kestrel, pod.Tcp, _tcp, options => options.Run(TcpEcho.RunAsync));
            Add(kestrel, pod.Banner, _banner, options => options.Run(connection => TcpEcho.RunWithBannerAsync(connection, pod)));
        }

        private static IReadOnlyList<IPEndPoint> Addresses(List<ListenOptions> options) => [.. options.Select(option => option.IPEndPoint!)]; // All are IP.

        private void Add(KestrelServerOptions kestrel, IReadOnlyList<IPEndPoint> addresses, List<ListenOptions> into, Action<ListenOptions> configure)
        {
            foreach (var address in addresses)
            {
                kestrel.Listen(address, options =>
                {
                    into.Add(options);
                    options.Use(next => connection => Tag(connection, next));
                    configure(options);
                });
            }
        }

        /// <summary>The connection knows which pod it reached.</summary>
        private Task Tag(ConnectionContext connection, ConnectionDelegate next)
        {
            connection.Features.Set(pod);
            return next(connection);
        }
    }
}
