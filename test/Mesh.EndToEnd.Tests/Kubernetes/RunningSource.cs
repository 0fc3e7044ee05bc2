// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using k8s;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;
using Microsoft.Extensions.Logging;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>The source of Kubernetes mode with a store behind it, and somebody who looks at each state that the pipeline would see.</summary>
internal sealed class RunningSource : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Newest<ResourceSet> seen = new(ResourceSet.Empty);
    private readonly ConcurrentQueue<string> broken = new();
    private readonly k8s.Kubernetes client;
    private readonly KubernetesSource source;
    private readonly ILoggerFactory loggers;
    private readonly Task running;
    private readonly Task looking;

    private RunningSource(KubernetesClientConfiguration configuration, Func<string, CancellationToken, Task> before)
    {
        Requests = new RecordedRequests(before);
        client = new k8s.Kubernetes(configuration, Requests);
        loggers = LoggerFactory.Create(logging => logging.AddProvider(Logs));
        var sight = new StatusSight(new StatusQueue(TimeProvider.System), new StatusWriteOptions());
        source = new KubernetesSource(client, sight, TimeProvider.System, loggers.CreateLogger<KubernetesSource>());
        running = source.RunAsync(Store, stop.Token);
        looking = LookAsync();
    }

    public RecordedRequests Requests { get; }

    public RecordedLogs Logs { get; } = new();

    public ResourceStore Store { get; } = new();

    public Task Synced => source.Synced;

    /// <summary>What must hold in every state after it was set; what is wrong, or null.</summary>
    public Func<ResourceSet, string?> Invariant { get; set; } = static _ => null;

    public IEnumerable<string> Broken => broken;

    /// <param name="server">The API server.</param>
    /// <param name="port">Another way to it; null for its own port.</param>
    /// <param name="before">What happens before each request.</param>
    /// <param name="token">Who the source is; null for admin.</param>
    public static RunningSource Start(
        TestApiServer server, int? port = null, Func<string, CancellationToken, Task>? before = null, string? token = null)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(server.Kubeconfig);
        configuration.Host = new UriBuilder(configuration.Host) { Port = port ?? server.Address.Port }.ToString();
        configuration.AccessToken = token ?? configuration.AccessToken;
        return new RunningSource(configuration, before ?? (static (_, _) => Task.CompletedTask));
    }

    public WatchCounts CountsOf(string kind) => source.Counts.Single(counts => counts.Kind == kind);

    /// <summary>The first state that is as wanted.</summary>
    public async Task<ResourceSet> StateAsync(Func<ResourceSet, bool> wanted) =>
        await seen.WaitForAsync(wanted, CancellationToken.None).WithTimeout();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.WithTimeout();
        await looking.WithTimeout();
        client.Dispose();
        loggers.Dispose();
        stop.Dispose();
    }

    private async Task LookAsync()
    {
        try
        {
            while (true)
            {
                await Store.WaitForChangeAsync(stop.Token);
                var state = Store.Take().Resources;
                if (Invariant(state) is { } wrong)
                {
                    broken.Enqueue(wrong);
                }

                seen.Publish(state);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to end.
        }
    }
}
