// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Mesh.Model;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Client;
using Mesh.Xds.Naming;

namespace Mesh.Benchmarks.Cluster;

/// <summary>Nodes with redirect capture that use some services each: they ask as their Envoys would, acknowledge all, and note when.</summary>
internal sealed class ClusterNodes : IAsyncDisposable
{
    public const int Count = 100;

    /// <summary>The first so many of the cluster are used, by every node.</summary>
    public const int UsedServices = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> running = [];
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Awaited? awaited;
    private int unsynced = Count;

    /// <summary>Connects all of them; done when each has the routes, clusters and endpoints of what it uses.</summary>
    public async Task<TimeSpan> ConnectAsync(IPEndPoint server)
    {
        var begin = TimeProvider.System.GetTimestamp();
        for (var number = 0; number < Count; number++)
        {
            running.Add(await StartAsync(server, number));
        }

        await synced.Task.WaitAsync(Limit, TimeProvider.System);
        return TimeProvider.System.GetElapsedTime(begin);
    }

    /// <summary>Does something that changes the route table of a service, and tells when each node has acknowledged it.</summary>
    public async Task<TimeSpan[]> ChangeAsync(int service, Func<Task> change)
    {
        var arrivals = new Awaited(RouteConfigurationName.Of(ClusterContent.PortOf(service)).Value);
        var begin = TimeProvider.System.GetTimestamp();
        Volatile.Write(ref awaited, arrivals);
        await change();
        await arrivals.All.WaitAsync(Limit, TimeProvider.System);
        return arrivals.Since(begin);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task<Task> StartAsync(IPEndPoint server, int number)
    {
        var node = new MeshNode(new NodeName(string.Create(CultureInfo.InvariantCulture, $"node-{number}")), CaptureMode.Redirect);
        var client = new DeltaAdsClient(new XdsClientOptions { Address = new Uri($"http://{server}"), Node = EnvoyBootstrap.Identity(node) });
        var ports = Enumerable.Range(0, UsedServices).Select(ClusterContent.PortOf).ToList();
        await client.SubscribeAllAsync(TypeUrls.Cluster);
        await client.SubscribeAsync(TypeUrls.Cluster, ports.Select(static port => ClusterName.Of(port).Value));
        await client.SubscribeAsync(TypeUrls.Endpoint, ports.Select(static port => AssignmentName.Of(port).Value));
        await client.SubscribeAllAsync(TypeUrls.Listener);
        await client.SubscribeAllAsync(TypeUrls.ScopedRoute);
        await client.SubscribeAsync(TypeUrls.Route, ports.Select(static port => RouteConfigurationName.Of(port).Value));
        var missing = (HashSet<string>)[.. ports.SelectMany(static port => (string[])[AssignmentName.Of(port).Value, RouteConfigurationName.Of(port).Value])];
        return client.RunAsync(response => ReceiveAsync(number, response, missing), stop.Token);
    }

    private async Task ReceiveAsync(int number, ReceivedResponse response, HashSet<string> missing)
    {
        await response.AckAsync();
        if (response.TypeUrl == TypeUrls.Route)
        {
            Volatile.Read(ref awaited)?.Came(number, response);
        }

        if (missing.Count > 0)
        {
            missing.ExceptWith(response.Message.Resources.Select(static resource => resource.Name));
            if (missing.Count == 0 && Interlocked.Decrement(ref unsynced) == 0)
            {
                synced.SetResult();
            }
        }
    }

    /// <summary>When a route table came to each node, and was acknowledged.</summary>
    private sealed class Awaited(string name)
    {
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly long[] arrivals = new long[Count];
        private int missing = Count;

        public Task All => all.Task;

        public void Came(int number, ReceivedResponse response)
        {
            if (arrivals[number] == 0 && response.Message.Resources.Any(resource => resource.Name == name))
            {
                arrivals[number] = TimeProvider.System.GetTimestamp();
                if (Interlocked.Decrement(ref missing) == 0)
                {
                    all.SetResult();
                }
            }
        }

        public TimeSpan[] Since(long begin) => [.. arrivals.Select(arrival => TimeProvider.System.GetElapsedTime(begin, arrival))];
    }
}
