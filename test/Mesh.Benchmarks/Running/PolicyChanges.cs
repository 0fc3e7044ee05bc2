// SPDX-License-Identifier: Apache-2.0
using Mesh.Echo;
using Mesh.Operator.Sources;
using Mesh.Testing;
using Mesh.Xds.Acks;
using Mesh.Xds.Naming;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Benchmarks.Running;

/// <summary>A policy changes again and again while requests run: does one fail, and how long until Envoy has acknowledged?</summary>
internal static class PolicyChanges
{
    private const int Changes = 100;
    private const int Rate = 200;
    private const int WarmUp = 5;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    public static async Task PrintAsync()
    {
        if (Report.RequireEnvoy("changes") is not { } envoy)
        {
            return;
        }

        var scene = new LoadScene(210);
        await using var echo = await EchoServer.StartAsync(scene.Pods, CancellationToken.None);
        await using var mesh = await RunningMesh.StartAsync(envoy, scene.Files, registrations => registrations.AddLogging(logging => logging.ClearProviders()));
        await using var load = await Load.StartAsync(scene.Client, scene.Url, Rate);
        await load.PassedAsync(Rate);
        var steps = new List<ChangeSteps>();
        for (var version = 1; version <= WarmUp + Changes; version++)
        {
            var step = await ChangeAsync(mesh, version);
            if (version > WarmUp)
            {
                steps.Add(step);
            }

            await Task.Delay(Pace, TimeProvider.System, CancellationToken.None);
        }

        var result = await load.StopAsync();
        Report.Table(
            Report.Text($"changes: {Changes} changes of a policy under {Rate} requests/s"),
            ["what", "p50 / p99"],
            [
                ["file written → in the store (watch, quiet time of 5 ms, parsing)", Report.Percentiles([.. steps.Select(s => s.Store)])],
                ["→ snapshot published (debounce of 5 ms, all stages)", Report.Percentiles([.. steps.Select(s => s.Published - s.Store)])],
                ["→ acknowledged by Envoy (stream, Envoy, ledger)", Report.Percentiles([.. steps.Select(s => s.Acknowledged - s.Published)])],
                ["file written → acknowledged", Report.Percentiles([.. steps.Select(s => s.Acknowledged)])],
                ["requests, latency", Report.Percentiles(result.Latencies)],
                ["requests, failed", Report.Text($"{result.Failures.Length} of {result.Requests}")],
            ]);
        foreach (var failure in result.Failures.Distinct(StringComparer.Ordinal))
        {
            Report.Say($"- failed: {failure}");
        }
    }

    private static async Task<ChangeSteps> ChangeAsync(RunningMesh mesh, int version)
    {
        var key = RouteConfigurationName.Of(LoadScene.Target).Key;
        var policy = new ObjectKey("TrafficPolicy", "load", "target");
        var before = mesh.Ledger.Proxies[0].Accepted[key].Version;
        var old = mesh.Store.Current.TrafficPolicies[policy];
        var time = TimeProvider.System;
        var (_, published) = mesh.Loop.State.Read();
        var stored = mesh.Store.WaitForChangeAsync(CancellationToken.None);
        var begin = time.GetTimestamp();
        await mesh.WriteAsync(LoadScene.PolicyFile, LoadScene.Policy(version));
        var elapsed = async (Task task) =>
        {
            await task.WithTimeout();
            return time.GetElapsedTime(begin);
        };
        var acknowledged = elapsed(mesh.Ledger.WaitForAsync(proxies => proxies.Any(proxy => HasAnother(proxy, key, before))));
        var steps = await Task.WhenAll(elapsed(stored), elapsed(published), acknowledged);
        return ReferenceEquals(old, mesh.Store.Current.TrafficPolicies[policy])
            ? throw new InvalidOperationException("The store was woken by something else than the policy.")
            : new ChangeSteps(steps[0], steps[1], steps[2]);
    }

    private static bool HasAnother(ProxyState proxy, Xds.ResourceKey key, string version) =>
        proxy.Accepted.GetValueOrDefault(key) is { } accepted && accepted.Version != version;

    /// <summary>Each from when the file was written.</summary>
    private sealed record ChangeSteps(TimeSpan Store, TimeSpan Published, TimeSpan Acknowledged);
}
