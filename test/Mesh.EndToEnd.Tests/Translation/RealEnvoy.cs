// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.AspNetCore.Server;
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Snapshots;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.EndToEnd.Tests.Translation;

/// <summary>The pinned Envoy with a snapshot of ours, over a unix socket in a temporary folder.</summary>
internal sealed class RealEnvoy : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly WebApplication control;
    private readonly Process process;
    private readonly ConcurrentQueue<string> log = new();
    private readonly TaskCompletionSource serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RealEnvoy(DirectoryInfo folder, WebApplication control, Process process)
    {
        this.folder = folder;
        this.control = control;
        this.process = process;
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.Exited += (_, _) => serving.TrySetException(new InvalidOperationException("Envoy ended:\n" + Log));
    }

    public RecordingAds Ads => control.Services.GetRequiredService<RecordingAds>();

    public string Log => string.Join('\n', log);

    public static async Task<RealEnvoy> StartAsync(NodeSnapshot snapshot, CaptureMode capture = CaptureMode.Loopback)
    {
        var binary = PinnedEnvoy.RequireBinary();
        var temporary = Directory.CreateTempSubdirectory("mesh-envoy-");
        var socket = Path.Combine(temporary.FullName, "ads.sock");
        var app = await ServeAsync(socket, new RecordingAds(snapshot));
        var bootstrap = Path.Combine(temporary.FullName, "bootstrap.json");
        await File.WriteAllTextAsync(bootstrap, EnvoyBootstrap.ToJson(new BootstrapOptions
        {
            Node = new MeshNode(snapshot.Node, capture),
            ControlPlane = ControlPlaneAddress.Unix(socket),
            AdminPort = 0,
        }));
        var admin = Path.Combine(temporary.FullName, "admin");
        var envoy = new RealEnvoy(temporary, app, new Process
        {
            StartInfo = new ProcessStartInfo(binary, ["-c", bootstrap, "--concurrency", "1", "--use-dynamic-base-id", "--log-level", "info", "--admin-address-path", admin])
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            },
            EnableRaisingEvents = true,
        });
        envoy.process.Start();
        envoy.process.BeginErrorReadLine();
        try
        {
            await envoy.serving.Task.WithTimeout();
            await ListensAsync(admin);
            await envoy.Ads.SettledAsync().WithTimeout();
            return envoy;
        }
        catch
        {
            await envoy.DisposeAsync();
            throw;
        }
    }

    /// <summary>It says that it starts its workers a moment before it listens, and its admin interface answers when it has done so.</summary>
    private static async Task ListensAsync(string adminAddressFile)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://{await File.ReadAllTextAsync(adminAddressFile)}/ready")).WithTimeout();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync().WithTimeout();
        process.Dispose();
        await control.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static async Task<WebApplication> ServeAsync(string socket, RecordingAds ads)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(ads);
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(k => k.ListenUnixSocket(socket, l => l.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapGrpcService<RecordingAds>();
        await app.StartAsync().WithTimeout();
        return app;
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        log.Enqueue(line);
        if (line.Contains("starting workers", StringComparison.Ordinal))
        {
            serving.TrySetResult();
        }
    }
}
