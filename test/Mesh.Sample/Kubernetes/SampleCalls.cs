// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Sample.Folder;
using Mesh.Sample.Traffic;

namespace Mesh.Sample.Kubernetes;

/// <summary>Calls of the sample's client while kubectl changes things: every one must be answered well.</summary>
internal sealed class SampleCalls(IReadOnlyList<CallTarget> targets, IPAddress client, SampleOptions options, TimeProvider time, Action<string> say)
{
    private const int CallsToJudge = 200;

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    private readonly List<TrafficGenerator> generators =
        [.. targets.Select(target => new TrafficGenerator(target, client, new TrafficWindow(time, options.Limit), time))];

    public bool IsNone => generators.Count == 0;

    /// <summary>Calls until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(generators.Select(generator => generator.RunAsync(options.Rate, ct)));

    /// <summary>Waits for enough calls; null when all were answered well.</summary>
    public async Task<string?> CheckAsync(CancellationToken ct)
    {
        var begin = time.GetTimestamp();
        generators.ForEach(generator => generator.Window.Clear());
        while (true)
        {
            var seen = generators.Select(generator => (generator.Target, Calls: generator.Window.Summarise())).ToList();
            if (seen.Find(pair => pair.Calls.Failed > 0) is { Target: not null } failed)
            {
                return $"{failed.Target.Name}: {failed.Calls.Failed} of {failed.Calls.Calls} calls failed: {string.Join(", ", failed.Calls.Errors.Keys)}";
            }

            if (seen.TrueForAll(pair => pair.Calls.Calls >= CallsToJudge))
            {
                say("\nCalls by way of the proxy meanwhile:");
                seen.ForEach(pair => say($"{pair.Target.Name}: {pair.Calls.Calls} calls, 0 failed, {string.Join(' ', pair.Calls.Versions.Select(version => $"{version.Key}: {version.Value}"))}"));
                return null;
            }

            if (time.GetElapsedTime(begin) > options.Limit)
            {
                return $"too few calls within {options.Limit.TotalSeconds} s";
            }

            await Task.Delay(Refresh, time, ct);
        }
    }
}
