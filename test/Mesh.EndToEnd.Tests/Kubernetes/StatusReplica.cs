// SPDX-License-Identifier: Apache-2.0
using k8s;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Replicas;
using Mesh.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>One replica of the operator, with a node "test", that writes to a cluster.</summary>
internal sealed class StatusReplica : IAsyncDisposable
{
    private readonly k8s.Kubernetes client;
    private ILeadership leadership = null!; // set when the host is built

    private StatusReplica(k8s.Kubernetes client, ApiTraffic traffic)
    {
        this.client = client;
        Traffic = traffic;
    }

    public ApiTraffic Traffic { get; }

    public RecordedLogs Logs { get; } = new();

    public RunningMesh Mesh { get; private set; } = null!; // set by StartAsync

    public bool IsLeader => leadership.IsLeader;

    /// <summary>What the writing of statuses complains of.</summary>
    public IEnumerable<string> Warnings => Logs.Lines.Where(static line => line.Contains("could not be", StringComparison.Ordinal));

    public static Task<StatusReplica> StartAsync(StatusCluster cluster, string identity, params string[] objects) =>
        StartAsync(KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.Server.Kubeconfig), new ReplicaOptions(identity), objects);

    public static async Task<StatusReplica> StartAsync(KubernetesClientConfiguration access, ReplicaOptions options, params string[] objects)
    {
        var traffic = new ApiTraffic { Before = options.Before };
        var replica = new StatusReplica(new k8s.Kubernetes(access, traffic), traffic);
        var files = objects.Select(static (text, i) => (Name: $"{i}.yaml", text)).ToDictionary(static file => file.Name, static file => file.text, StringComparer.Ordinal);
        replica.Mesh = await RunningMesh.StartAsync(options.Envoy, files, services => replica.Register(services, options));
        return replica;
    }

    /// <summary>Waits until this replica leads, or no longer does.</summary>
    public async Task LeadsAsync(bool isLeader)
    {
        while (true)
        {
            var changed = leadership.WaitForChangeAsync(CancellationToken.None);
            if (leadership.IsLeader == isLeader)
            {
                return;
            }

            await changed.WithTimeout();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Mesh.DisposeAsync();
        client.Dispose();
    }

    private void Register(IServiceCollection services, ReplicaOptions options)
    {
        services.AddSingleton<IKubernetes>(client);
        services.AddSingleton(options.Election);
        services.AddSingleton(options.Writing);
        services.AddSingleton(options.Fleet);
        services.AddMeshKubernetesStatus(new KubernetesOptions { Identity = options.Identity });
        services.AddHostedService(provider =>
        {
            // The host builds its services before the first one starts.
            leadership = provider.GetRequiredService<ILeadership>();
            return new Nothing();
        });
        services.AddLogging(logging => logging.AddProvider(Logs));
    }

    private sealed class Nothing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <param name="Identity">The replica's name.</param>
internal sealed record ReplicaOptions(string Identity)
{
    /// <summary>Short, so that a change of leaders takes a test seconds, and not so short that a busy machine changes them.</summary>
    public LeaderElectionOptions Election { get; init; } = new()
    {
        Duration = TimeSpan.FromSeconds(10),
        RenewDeadline = TimeSpan.FromSeconds(7),
        Retry = TimeSpan.FromMilliseconds(300),
    };

    public StatusWriteOptions Writing { get; init; } = new();

    public FleetOptions Fleet { get; init; } = new();

    /// <summary>What comes before each of its requests.</summary>
    public Func<HttpRequestMessage, Task> Before { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Path of a real Envoy; null for a simulated node.</summary>
    public string? Envoy { get; init; }
}
