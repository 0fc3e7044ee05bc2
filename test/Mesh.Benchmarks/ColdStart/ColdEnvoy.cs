// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Mesh.Model;
using Mesh.Operator;
using Mesh.Operator.Cli;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Bootstrap;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Benchmarks.ColdStart;

/// <summary>The operator in this process with its snapshot ready, and an Envoy that is started when all is waiting for it.</summary>
internal sealed class ColdEnvoy : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo folder;
    private readonly WebApplication app;
    private readonly RunOptions options;
    private Process? envoy;

    private ColdEnvoy(DirectoryInfo folder, WebApplication app, RunOptions options)
    {
        this.folder = folder;
        this.app = app;
        this.options = options;
    }

    private AckLedger Ledger => app.Services.GetRequiredService<AckLedger>();

    public static async Task<ColdEnvoy> PrepareAsync(int services, CaptureMode capture)
    {
        var temporary = Directory.CreateTempSubdirectory("mesh-cold-");
        var run = new RunOptions
        {
            Directory = temporary.FullName,
            StateDirectory = Path.Combine(temporary.FullName, "state"),
            Node = "cold",
            Proxy = ProxyKind.External,
            EnvoyPath = null,
            Listen = null,
            HttpListen = null,
            Capture = capture,
        };
        var host = MeshHost.Build(run, isLive: false, registrations => registrations
            .AddLogging(logging => logging.ClearProviders())
            .AddSingleton<IResourceSource>(new ColdMesh(services)));
        await host.StartAsync();
        await host.Services.GetRequiredService<ReconcileLoop>().State
            .WaitForAsync(state => state.Snapshot is { } snapshot && snapshot.Model.Services.Count == services, CancellationToken.None).WithTimeout(Limit);
        return new ColdEnvoy(temporary, host, run);
    }

    /// <summary>Starts Envoy; completes when it has acknowledged every listener.</summary>
    public async Task StartAsync(string binary, int listeners)
    {
        var bootstrap = Path.Combine(folder.FullName, "envoy.json");
        await File.WriteAllTextAsync(bootstrap, EnvoyBootstrap.ToJson(new BootstrapOptions
        {
            Node = options.MeshNode,
            ControlPlane = ControlPlaneAddress.Unix(options.SocketPath),
            AdminPort = 0,
        }));
        var log = Path.Combine(folder.FullName, "envoy.log");
        envoy = Process.Start(new ProcessStartInfo(
            binary, ["-c", bootstrap, "--concurrency", "2", "--use-dynamic-base-id", "--log-path", log, "--log-level", "warning"]))
            ?? throw new InvalidOperationException("Envoy did not start.");
        await Ledger.WaitForAsync(
            proxies => proxies.Any(proxy => proxy.Accepted.Keys.Count(key => key.Type == ResourceType.Listener) >= listeners), Limit);
        if (Ledger.Proxies[0].Rejected.Count > 0)
        {
            throw new InvalidOperationException($"Envoy refused {Ledger.Proxies[0].Rejected.First()}");
        }
    }

    /// <summary>Bytes of memory that the process has resident, in total and without what comes from files.</summary>
    public (long All, long Anonymous) Resident()
    {
        var status = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{envoy!.Id}/status")).ToList(); // Started before.
        return (Value(status, "VmRSS:"), Value(status, "RssAnon:"));
    }

    public int CountAccepted(ResourceType type) => Ledger.Proxies[0].Accepted.Keys.Count(key => key.Type == type);

    public async ValueTask DisposeAsync()
    {
        if (envoy is not null)
        {
            envoy.Kill();
            await envoy.WaitForExitAsync();
            envoy.Dispose();
        }

        await app.StopAsync();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static long Value(List<string> status, string name) =>
        long.Parse(status.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
}
