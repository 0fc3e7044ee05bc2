// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Echo;
using Mesh.Sample.Folder;
using Mesh.Sample.Traffic;
using Mesh.Testing.Kubernetes;

namespace Mesh.Sample.Kubernetes;

/// <summary>
/// The sample on a Kubernetes API server of its own: kubectl installs what a user would, this process plays scheduler, kubelet and pods.
/// </summary>
internal sealed class KubernetesRun(SampleOptions options, TextWriter output, TimeProvider time)
{
    private const string ClientApp = "frontend";
    private const string ChangedPolicy = "cart-resilience";
    private const string Space = "shop";
    private const int CallsToJudge = 200;
    private const int LogLines = 15;

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    /// <summary>The exit code.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var tools = KubernetesTools.Find(options.Root);
        var envoy = options.Simulated ? null : await EnvoyPreparation.PrepareAsync(options.Envoy, Say, ct);
        if (envoy is null)
        {
            Say(EnvoyPreparation.Banner);
        }

        await using var server = await TestApiServer.StartFromAsync(tools.Assets, "--service-cluster-ip-range=127.96.0.0/16");
        Say($"An API server runs; to look into it from another shell: export KUBECONFIG={server.Kubeconfig}");
        var cluster = new SampleCluster(server, options, Say);
        await cluster.InstallAsync(tools.GatewayApi);
        var mesh = SampleMesh.Read(options.Directory, ClientApp);
        await using var pods = await EchoServer.StartAsync(mesh.Pods, ct);
        var meshOperator = await OperatorProcess.StartAsync(options, ["--kubernetes", "--kubeconfig", server.Kubeconfig, "--node", "node-1"], envoy);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var traffic = envoy is null ? [] : mesh.Targets.Select(target => Generator(target, mesh)).ToList();
        var calls = Task.WhenAll(traffic.Select(generator => generator.RunAsync(options.Rate, stop.Token)));
        try
        {
            return await ShowAsync(cluster, traffic, ct);
        }
        catch (InvalidOperationException e)
        {
            Say($"FAILED: {e.Message}\nThe operator's log ends with:\n{OperatorProcess.LogTail(options.State, LogLines)}");
            return 1;
        }
        finally
        {
            await stop.CancelAsync();
            await calls;
            Say("stopping the operator, its proxy and the API server");
            await meshOperator.StopAsync();
        }
    }

    private TrafficGenerator Generator(CallTarget target, SampleMesh mesh) => new(target, mesh.Client, new TrafficWindow(time, options.Limit), time);

    private async Task<int> ShowAsync(SampleCluster cluster, List<TrafficGenerator> traffic, CancellationToken ct)
    {
        var begin = time.GetTimestamp();
        await cluster.ProgrammedAsync(options.Limit);
        Say(await cluster.TableAsync());
        Say(string.Create(CultureInfo.InvariantCulture, $"every policy is in force {time.GetElapsedTime(begin).TotalSeconds:0.0} s after the operator's start"));
        await ChangeAsync(cluster);
        var shortcoming = await TrafficAsync(traffic, ct);
        if (shortcoming is not null)
        {
            Say($"FAILED: {shortcoming}");
            return 1;
        }

        if (options.Once)
        {
            Say($"OK: kubectl shows every policy in force, a change by kubectl apply was acknowledged{(traffic.Count == 0 ? "; no traffic was checked, as there is no Envoy" : ", and all calls were answered")}.");
            return 0;
        }

        await cluster.WatchAsync(ct);
        return 0;
    }

    private async Task ChangeAsync(SampleCluster cluster)
    {
        var generation = await cluster.ChangeTimeoutAsync(ChangedPolicy);
        var begin = time.GetTimestamp();
        await cluster.ProgrammedAsync(ChangedPolicy, generation, options.Limit);
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"changed TrafficPolicy {Space}/{ChangedPolicy} with kubectl apply; generation {generation} in force, as kubectl wait saw it, after {time.GetElapsedTime(begin).TotalMilliseconds:0} ms"));
    }

    /// <summary>Waits for enough calls; null when all were answered well.</summary>
    private async Task<string?> TrafficAsync(List<TrafficGenerator> traffic, CancellationToken ct)
    {
        var begin = time.GetTimestamp();
        traffic.ForEach(generator => generator.Window.Clear());
        while (true)
        {
            var seen = traffic.Select(generator => (generator.Target, Calls: generator.Window.Summarise())).ToList();
            if (seen.Find(pair => pair.Calls.Failed > 0) is { Target: not null } failed)
            {
                return $"{failed.Target.Name}: {failed.Calls.Failed} of {failed.Calls.Calls} calls failed: {string.Join(", ", failed.Calls.Errors.Keys)}";
            }

            if (seen.TrueForAll(pair => pair.Calls.Calls >= CallsToJudge))
            {
                seen.ForEach(pair => Say($"{pair.Target.Name}: {pair.Calls.Calls} calls, 0 failed, {string.Join(' ', pair.Calls.Versions.Select(version => $"{version.Key}: {version.Value}"))}"));
                return null;
            }

            if (time.GetElapsedTime(begin) > options.Limit)
            {
                return $"too few calls within {options.Limit.TotalSeconds} s";
            }

            await Task.Delay(Refresh, time, ct);
        }
    }

    private void Say(string text) => output.WriteLine(text);
}
