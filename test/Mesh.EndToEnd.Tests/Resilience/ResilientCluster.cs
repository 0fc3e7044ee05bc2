// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using k8s;
using k8s.Models;
using Mesh.Echo;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>An API server with a scene's objects, and the pods that answer.</summary>
internal sealed class ResilientCluster : IAsyncDisposable
{
    private readonly EchoServer echo;

    private ResilientCluster(ClusterScene scene, TestApiServer server, EchoServer echo)
    {
        Scene = scene;
        Server = server;
        this.echo = echo;
    }

    public ClusterScene Scene { get; }

    public TestApiServer Server { get; }

    /// <summary>Ignores the test where something of what it needs is not here.</summary>
    public static async Task<ResilientCluster> StartAsync(ClusterScene scene, params string[] flags)
    {
        _ = PinnedEnvoy.RequireBinary();
        string[] definitions = [Definitions.Ours, Definitions.GatewayApi("httproutes")];
        var server = await TestApiServer.StartAsync([scene.Range, .. flags]);
        try
        {
            await server.DefineAsync(definitions);
            await FillAsync(scene, server);
            return new ResilientCluster(scene, server, await EchoServer.StartAsync(scene.Pods, CancellationToken.None).WithTimeout());
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the cluster says that the policy is in force in this generation, on the one proxy there is.</summary>
    public Task ProgrammedAsync(long generation) => ProgrammedAsync("trafficpolicy/target", generation);

    public async Task ProgrammedAsync(string policy, long generation)
    {
        // kubectl's watch is the signal. The API server may be one that was away a moment ago.
        foreach (var wanted in new[] { string.Create(CultureInfo.InvariantCulture, $"jsonpath={{.status.observedGeneration}}={generation}"), "condition=Programmed", "jsonpath={.status.summary.proxies}=1/1" })
        {
            await Server.KubectlAsync("wait", $"--for={wanted}", policy, "-n", ClusterScene.Space, "--timeout=150s");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await echo.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>As a cluster's controllers and kubelets would have written it.</summary>
    private static async Task FillAsync(ClusterScene scene, TestApiServer server)
    {
        await server.ApplyAsync($"{scene.Core}\n---\n{ClusterScene.Custom}");
        using var client = server.Client();
        foreach (var (pod, address) in new[] { ("target-a", scene.PodAddress), ("client", scene.Client) })
        {
            var status = $$$"""{"status":{"phase":"Running","podIP":"{{{address}}}","podIPs":[{"ip":"{{{address}}}"}]}}""";
            await client.CoreV1.PatchNamespacedPodStatusAsync(new V1Patch(status, V1Patch.PatchType.MergePatch), pod, ClusterScene.Space).WithTimeout();
        }
    }
}
