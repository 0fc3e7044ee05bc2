// SPDX-License-Identifier: Apache-2.0
using Mesh.Echo;
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds;

namespace Mesh.Benchmarks.ColdStart;

/// <summary>What the size of the mesh costs an Envoy that uses a small part of it.</summary>
internal static class ColdStartTable
{
    /// <summary>Name of the benchmark that this program runs of itself, in a network namespace of its own.</summary>
    public const string InNamespace = "coldstart-redirect";

    private const int Used = 20;
    private const int New = 100;
    private static readonly int[] Sizes = [Used, 1000, 5000];

    // As many scopes as 5 000 services of 3 ports have; so many listeners would take half a minute.
    private static readonly int[] RedirectSizes = [.. Sizes, 15_000];

    // Envoy gives memory that is free back once a second.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    public static async Task PrintAsync()
    {
        if (Report.RequireEnvoy("coldstart") is not { } envoy)
        {
            return;
        }

        await PrintAsync(envoy, CaptureMode.Loopback);
        if (await CaptureNamespace.RunAsync(InNamespace) is { } problem)
        {
            Report.Say($"\ncoldstart, redirect capture: skipped, {problem}");
        }
    }

    public static async Task PrintRedirectAsync()
    {
        if (Report.RequireEnvoy("coldstart") is { } envoy)
        {
            await PrintAsync(envoy, CaptureMode.Redirect);
        }
    }

    private static async Task PrintAsync(string envoy, CaptureMode capture)
    {
        await using var echo = await EchoServer.StartAsync(ColdMesh.Pods, CancellationToken.None);
        var rows = new List<string[]>();
        foreach (var services in capture == CaptureMode.Redirect ? RedirectSizes : Sizes)
        {
            rows.Add(await MeasureAsync(envoy, services, capture));
        }

        Report.Table(
            Report.Text($"coldstart: {capture} capture, {Used} services used"),
            [
                "services in the mesh", "start → listeners acknowledged", "start → first answer", "RSS after using 20", "of it anonymous",
                "first use of the 20, p50 / p99", "first use of 100 more, p50 / p99", "clusters held",
            ],
            rows);
    }

    private static async Task<string[]> MeasureAsync(string binary, int services, CaptureMode capture)
    {
        await using var envoy = await ColdEnvoy.PrepareAsync(services, capture);
        var begin = TimeProvider.System.GetTimestamp();
        await envoy.StartAsync(binary, capture switch { CaptureMode.Loopback => services, CaptureMode.Redirect => 2 });
        var ready = TimeProvider.System.GetElapsedTime(begin);
        using var client = new PodClient(ColdMesh.Client);
        await client.AnsweredAsync(ColdMesh.Url(0));
        var first = TimeProvider.System.GetElapsedTime(begin);
        var used = await UseAsync(client, 1, Used - 1);
        await Task.Delay(Settle, TimeProvider.System, CancellationToken.None);
        var (all, anonymous) = envoy.Resident();
        var more = services >= Used + New ? await UseAsync(client, Used, New) : [];
        return
        [
            Report.Text($"{services}"), Report.Duration(ready), Report.Duration(first), Report.Text($"{all / 1e6:0.0} MB"),
            Report.Text($"{anonymous / 1e6:0.0} MB"), Report.Percentiles(used), Report.Percentiles(more),
            Report.Text($"{envoy.CountAccepted(ResourceType.Cluster)}"),
        ];
    }

    private static async Task<List<TimeSpan>> UseAsync(PodClient client, int first, int count)
    {
        var times = new List<TimeSpan>();
        for (var service = first; service < first + count; service++)
        {
            var begin = TimeProvider.System.GetTimestamp();
            var answer = await client.GetAsync(ColdMesh.Url(service));
            times.Add(TimeProvider.System.GetElapsedTime(begin));
            if (answer.Status != 200)
            {
                throw new InvalidOperationException($"{ColdMesh.Url(service)} answered {answer.Status}: {answer.Body}");
            }
        }

        return times;
    }
}
