// SPDX-License-Identifier: Apache-2.0
using System.Net;
using CliWrap;
using CliWrap.EventStream;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>A server in a process of its own, so that it can die.</summary>
internal sealed class GrpcGoServer : IAsyncDisposable
{
    private const string Announcement = "listening ";

    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<IPEndPoint> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task running = Task.CompletedTask;
    private bool isGone;

    public Model.Endpoint Endpoint { get; private set; } = Meshes.Endpoint("127.0.0.1", 1);

    public static async Task<GrpcGoServer> StartAsync(string name)
    {
        var server = new GrpcGoServer();
        server.running = server.RunAsync(GrpcGo.Command("xdsecho", ["-listen", "127.0.0.1:0", "-name", name]));
        var address = await server.listening.Task.WithTimeout();
        server.Endpoint = Meshes.Endpoint(address.Address.ToString(), address.Port);
        return server;
    }

    /// <summary>Kills it: no word of farewell to its clients.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isGone)
        {
            return;
        }

        isGone = true;
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task RunAsync(Command command)
    {
        await foreach (var happened in command.ListenAsync(stop.Token))
        {
            if (happened is StandardOutputCommandEvent { Text: var line } && line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                listening.TrySetResult(IPEndPoint.Parse(line[Announcement.Length..]));
            }
        }

        listening.TrySetException(new InvalidOperationException("The server ended."));
    }
}
