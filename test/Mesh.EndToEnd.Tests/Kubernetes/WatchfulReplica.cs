// SPDX-License-Identifier: Apache-2.0
using k8s;
using Mesh.Operator.Kubernetes;
using Mesh.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>One replica of the operator as it is in a cluster: it reads the objects that it writes statuses of. Its node is simulated.</summary>
internal sealed class WatchfulReplica : IAsyncDisposable
{
    /// <summary>Short, so that a change of leaders takes a test seconds, and not so short that a busy machine changes them.</summary>
    private static readonly LeaderElectionOptions Election = new()
    {
        Duration = TimeSpan.FromSeconds(10),
        RenewDeadline = TimeSpan.FromSeconds(7),
        Retry = TimeSpan.FromMilliseconds(300),
    };

    /// <summary>One object after the other, and news at once: what was reported earlier is written earlier.</summary>
    public static StatusWriteOptions Prompt { get; } = new() { Writers = 1, Details = TimeSpan.Zero, Underway = TimeSpan.Zero };

    private readonly k8s.Kubernetes client;

    private WatchfulReplica(k8s.Kubernetes client, ApiTraffic traffic)
    {
        this.client = client;
        Traffic = traffic;
    }

    public ApiTraffic Traffic { get; }

    public RecordedLogs Logs { get; } = new();

    public RunningMesh Mesh { get; private set; } = null!; // set by StartAsync

    public static async Task<WatchfulReplica> StartAsync(StatusCluster cluster, string identity, StatusWriteOptions? writing = null)
    {
        var traffic = new ApiTraffic();
        var access = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.Server.Kubeconfig), traffic);
        var replica = new WatchfulReplica(access, traffic);
        replica.Mesh = await RunningMesh.StartInClusterAsync(
            cluster.Server.Kubeconfig,
            envoy: null,
            services =>
            {
                services.AddSingleton(access);
                services.AddSingleton(Election);
                services.AddSingleton(writing ?? Prompt);
                services.AddLogging(logging => logging.AddProvider(replica.Logs));
            },
            identity);
        return replica;
    }

    /// <summary>Its writes of an object's status, as <c>trafficpolicies/cart</c>.</summary>
    public int WritesOf(string @object) => Traffic.Patches.Count(request => request.Contains($"/{@object}/status ", StringComparison.Ordinal));

    /// <summary>Its questions about the object.</summary>
    public int ReadsOf(string @object) => Traffic.Requests.Value.Count(request =>
        request.StartsWith("GET ", StringComparison.Ordinal) && request.Contains($"/{@object} ", StringComparison.Ordinal));

    /// <summary>Waits until it has written an object's status so often.</summary>
    public Task WritesAsync(string @object, int count) =>
        Traffic.Requests.WaitForAsync(_ => WritesOf(@object) >= count, CancellationToken.None).WithTimeout();

    public async ValueTask DisposeAsync()
    {
        await Mesh.DisposeAsync();
        client.Dispose();
    }
}
