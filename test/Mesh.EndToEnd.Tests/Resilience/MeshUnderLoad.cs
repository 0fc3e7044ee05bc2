// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;
using Mesh.Xds.Acks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>
/// The operator in a cluster with a real Envoy, through which requests run all the time. It has come to rest when it is handed out; what is
/// sent to the proxy from then on is counted.
/// </summary>
internal sealed class MeshUnderLoad : IAsyncDisposable
{
    /// <summary>Requests in a second.</summary>
    public const int Rate = 100;

    private AckCounters baseline = null!; // set by StartAsync
    private Load load = null!; // set by StartAsync

    private MeshUnderLoad(RunningMesh mesh, RecordedLogs logs)
    {
        Mesh = mesh;
        Logs = logs;
    }

    public RunningMesh Mesh { get; }

    public RecordedLogs Logs { get; }

    /// <summary>Resources sent since it was at rest.</summary>
    public long Sent => Mesh.Ledger.Counters.ResourcesSent - baseline.ResourcesSent;

    /// <summary>Names told to be gone since then.</summary>
    public long Removed => Mesh.Ledger.Counters.RemovalsSent - baseline.RemovalsSent;

    /// <summary>What the proxy holds.</summary>
    public int Held => Mesh.Ledger.Proxies[0].Accepted.Count;

    /// <param name="cluster">The cluster.</param>
    /// <param name="kubeconfig">How the operator gets there; null for admin, straight.</param>
    /// <param name="customise">Replaces registrations.</param>
    public static async Task<MeshUnderLoad> StartAsync(ResilientCluster cluster, string? kubeconfig = null, Action<IServiceCollection>? customise = null)
    {
        var logs = new RecordedLogs();
        var mesh = await RunningMesh.StartInClusterAsync(kubeconfig ?? cluster.Server.Kubeconfig, PinnedEnvoy.RequireBinary(), services =>
        {
            services.AddLogging(logging => logging.AddProvider(logs));
            customise?.Invoke(services);
        });
        var started = new MeshUnderLoad(mesh, logs);
        try
        {
            await started.RestAsync(cluster);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for so many seconds' worth of requests.</summary>
    public Task SecondsAsync(double seconds) => load.PassedAsync((int)(Rate * seconds)).WithTimeout(TimeSpan.FromSeconds((3 * seconds) + 60));

    /// <summary>Waits until each kind that there is was listed so many times.</summary>
    public async Task ListedAsync(int times)
    {
        // Nobody is told of a list that changed nothing.
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (Mesh.Cluster.Counts.Any(counts => counts.Lists > 0 && counts.Lists < times))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Waits until the proxy has answered all, ends the load, and tells what became of the requests that failed.</summary>
    public async Task<IReadOnlyList<string>> FailuresAsync()
    {
        await Mesh.SettledAsync();
        await SecondsAsync(0.5);
        return (await load.StopAsync().WithTimeout()).Failures;
    }

    public async ValueTask DisposeAsync()
    {
        if (load is not null)
        {
            await load.DisposeAsync();
        }

        await Mesh.DisposeAsync();
    }

    private async Task RestAsync(ResilientCluster cluster)
    {
        using (var once = new PodClient(cluster.Scene.Client))
        {
            await once.AnsweredAsync(cluster.Scene.SpareUrl);
        }

        load = await Load.StartAsync(cluster.Scene.Client, cluster.Scene.Url, Rate);
        await cluster.ProgrammedAsync(1);
        await SecondsAsync(0.5);
        await Mesh.SettledAsync();
        baseline = Mesh.Ledger.Counters;
    }
}
