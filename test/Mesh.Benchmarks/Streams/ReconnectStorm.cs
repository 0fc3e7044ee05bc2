// SPDX-License-Identifier: Apache-2.0
using Mesh.Benchmarks.Streams.Wire;

namespace Mesh.Benchmarks.Streams;

/// <summary>A thousand streams are dropped and come back at once, each with the versions that it has.</summary>
internal static class ReconnectStorm
{
    private const int Services = 1000;
    private const int Streams = 1000;

    public static async Task PrintAsync()
    {
        var results = new List<Result>();
        foreach (var variant in new[] { Variant.Delta, Variant.StateOfTheWorld })
        {
            results.Add(await RunAsync("20 services", variant, [.. Enumerable.Range(0, 50).Select(part =>
                Share.Of(variant, [0, .. Enumerable.Range((part * 19) + 1, 19)]))]));
            results.Add(await RunAsync("1 000 services, wildcards", variant, [Share.WholeMesh(variant, Services)]));
        }

        Report.Table(
            Report.Text($"reconnect storm: {Streams:N0} streams with known versions"),
            ["variant", "each has", "known versions", "each asks with", "each is sent", "resources sent again, of all streams", "quiet after", "server CPU", "the next change, to all: p50 / p99 / max"],
            results.Select(Row));
        Report.Verdict("nothing is sent again that a stream has", results.All(static result => result.ResourcesSent == 0));
    }

    private static string[] Row(Result result) =>
    [
        result.Variant.Name, result.Title, Report.Text($"{result.Known:N0}"), Report.Text($"{result.Asked / 1000.0:0.0} kB"),
        Report.Text($"{result.BytesSent / Streams:N0} bytes in {(double)result.Responses / Streams:0.0} responses"), Report.Text($"{result.ResourcesSent:N0}"),
        Report.Duration(result.Quiet), Report.Text($"{result.Cpu.TotalSeconds:0.00} s"), Report.Spread(result.Latencies),
    ];

    private static async Task<Result> RunAsync(string title, Variant variant, Share[] shares)
    {
        await using var server = await BenchServerProcess.StartAsync(Services);
        await using (var first = new StreamFleet(server.Address, variant, Services, Plans(shares, isResumed: false)))
        {
            await first.OpenAsync();
            await first.QuietAsync();
        }

        Share[] resumed = [.. shares.Select(static share => share.Resumed())];
        await using var fleet = new StreamFleet(server.Address, variant, Services, Plans(resumed, isResumed: true));
        var (before, cpu) = (await server.StatsAsync(), server.Cpu);
        var begin = TimeProvider.System.GetTimestamp();
        await fleet.OpenAsync();
        var opened = TimeProvider.System.GetElapsedTime(begin);
        var seen = server.Cpu;
        var quiet = opened + await fleet.QuietAsync(() =>
        {
            var last = seen;
            return (seen = server.Cpu) > last;
        });
        cpu = server.Cpu - cpu;
        var after = await server.StatsAsync();
        var bytes = fleet.BytesReceived;
        var latencies = await fleet.ChangeAsync(Change.Endpoint(service: 0), server.PostAsync);
        return new Result(title, variant, shares[0].Resources, resumed[0].FirstRequestBytes)
        {
            BytesSent = bytes,
            Responses = after.Responses - before.Responses,
            ResourcesSent = after.Resources - before.Resources,
            Quiet = quiet,
            Cpu = cpu,
            Latencies = latencies,
        };
    }

    // One stream of each share notes what it gets.
    private static StreamPlan[] Plans(Share[] shares, bool isResumed) => [.. Enumerable.Range(0, Streams).Select(number =>
        new StreamPlan(shares[number % shares.Length], Reading.All, IsNoting: !isResumed && number < shares.Length, isResumed))];

    /// <param name="Title">What each stream has.</param>
    /// <param name="Variant">Of the protocol.</param>
    /// <param name="Known">Resources of each.</param>
    /// <param name="Asked">Bytes that each asks with.</param>
    private sealed record Result(string Title, Variant Variant, int Known, long Asked)
    {
        public required long BytesSent { get; init; }

        public required long Responses { get; init; }

        public required long ResourcesSent { get; init; }

        public required TimeSpan Quiet { get; init; }

        public required TimeSpan Cpu { get; init; }

        public required TimeSpan[] Latencies { get; init; }
    }
}
