// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Mesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>A backend that serves gRPC's health check, tells its name in <c>x-server</c>, and counts.</summary>
internal sealed class CountingServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Answers answers;
    private readonly Connections connections;

    private CountingServer(WebApplication app, Answers answers, Connections connections)
    {
        this.app = app;
        this.answers = answers;
        this.connections = connections;
    }

    public int Count => answers.Count;

    public Model.Endpoint Endpoint
    {
        get
        {
            var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()); // Set by the start.
            return Meshes.Endpoint(address.Host, address.Port);
        }
    }

    public static async Task<CountingServer> StartAsync(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var counted = new Answers(name);
        var open = new Connections();
        builder.Services.AddSingleton(counted);
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => open.Enter(connection) ? next(connection) : Task.CompletedTask);
        }));
        var built = builder.Build();
        built.MapGrpcService<Answers>();
        await built.StartAsync();
        return new CountingServer(built, counted, open);
    }

    /// <summary>Completes when so many calls were answered since the start.</summary>
    public Task AnsweredAsync(int count) => answers.ReachedAsync(count);

    /// <summary>Cuts its connections without a word of farewell, and any that comes.</summary>
    public void Kill() => connections.Cut();

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private sealed class Answers(string name) : Health.HealthBase
    {
        private readonly Lock gate = new();
        private readonly List<(int Count, TaskCompletionSource Done)> waiters = [];
        private int count;

        public int Count => Volatile.Read(ref count);

        public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "x-server", name } });
            lock (gate)
            {
                count++;
                waiters.RemoveAll(waiter => waiter.Count <= count && waiter.Done.TrySetResult());
            }

            return new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.Serving };
        }

        public Task ReachedAsync(int wanted)
        {
            lock (gate)
            {
                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (count >= wanted)
                {
                    done.SetResult();
                }
                else
                {
                    waiters.Add((wanted, done));
                }

                return done.Task;
            }
        }
    }

    private sealed class Connections
    {
        private readonly Lock gate = new();
        private readonly List<ConnectionContext> open = [];
        private bool isCut;

        public bool Enter(ConnectionContext connection)
        {
            lock (gate)
            {
                open.Add(connection);
                return !isCut;
            }
        }

        public void Cut()
        {
            lock (gate)
            {
                isCut = true;
                open.ForEach(static connection => connection.Abort());
            }
        }
    }
}
