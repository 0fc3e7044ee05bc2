// SPDX-License-Identifier: Apache-2.0
using Mesh.Benchmarks.Streams.Wire;

namespace Mesh.Benchmarks.Streams;

/// <summary>Ten thousand streams that have all they want: what they cost, and how long a change takes to all of them.</summary>
internal static class IdleStreams
{
    private const int Streams = 10_000;
    private const int Changes = 5;
    private const long MemoryGoal = 100_000;

    private static readonly TimeSpan LatencyGoal = TimeSpan.FromSeconds(1);

    private static Scene[] Scenes { get; } =
    [
        new(
            "1 service (4 resources): the floor",
            Services: 1000,
            static (variant, _) => [Share.Of(variant, [0])],
            static _ => Change.Endpoint(service: 0)),
        new(
            "20 services of 1 000 (80 resources by name)",
            Services: 1000,
            static (variant, _) => [.. Enumerable.Range(0, 50).Select(part => Share.Of(variant, [0, .. Enumerable.Range((part * 19) + 1, 19)]))],
            static _ => Change.Endpoint(service: 0)),
        new(
            "wildcard over 100 clusters",
            Services: 100,
            static (variant, services) => [Share.AllClusters(variant, services)],
            static round => Change.Added(100 + round)),
    ];

    public static async Task PrintAsync()
    {
        var results = new List<Result>();
        foreach (var scene in Scenes)
        {
            results.Add(await RunAsync(scene));
        }

        Report.Table(
            Report.Text($"idle streams: {Streams:N0} delta streams, a connection each"),
            ["subscribed to", "all in sync after", "server RSS with none", "with all", "settled", "RSS per stream", "managed heap per stream", "one change, to all: p50 / p99 / max"],
            results.Select(Row));
        Report.Verdict(Report.Text($"at most {MemoryGoal / 1000} kB a stream"), results.All(static result => result.PerStream <= MemoryGoal));
        Report.Verdict(
            Report.Text($"a change reaches 99 % of them within {LatencyGoal.TotalSeconds:0} s"),
            results.All(static result => Report.Percentile(result.Latencies, 99) <= LatencyGoal));
    }

    private static string[] Row(Result result) =>
    [
        result.Scene.Title, Report.Duration(result.Opened), Report.Megabytes(result.Empty.Settled), Report.Megabytes(result.Full.AsFound),
        Report.Megabytes(result.Full.Settled), Report.Text($"{result.PerStream / 1000.0:0.0} kB"),
        Report.Text($"{(result.Full.Heap - result.Empty.Heap) / Streams / 1000.0:0.0} kB"), Report.Spread(result.Latencies),
    ];

    private static async Task<Result> RunAsync(Scene scene)
    {
        await using var server = await BenchServerProcess.StartAsync(scene.Services);
        var shares = scene.Shares(Variant.Delta, scene.Services);
        await WarmAsync(server, scene, shares);
        var empty = await server.SettleAsync();
        var plans = Enumerable.Range(0, Streams)
            .Select(number => new StreamPlan(shares[number % shares.Length], Reading.All, IsNoting: false, IsResumed: false));
        await using var fleet = new StreamFleet(server.Address, Variant.Delta, scene.Services + Changes, [.. plans]);
        var opened = await fleet.OpenAsync();
        await fleet.QuietAsync();
        var full = await server.SettleAsync();
        var latencies = new List<TimeSpan>();
        for (var round = 0; round < Changes; round++)
        {
            latencies.AddRange(await fleet.ChangeAsync(scene.ChangeOf(round), server.PostAsync));
            await fleet.QuietAsync();
        }

        return new Result(scene, empty, full, opened, latencies);
    }

    // Compiled code and the first buffers of the pools are no cost of a stream.
    private static async Task WarmAsync(BenchServerProcess server, Scene scene, Share[] shares)
    {
        await using var fleet = new StreamFleet(
            server.Address,
            Variant.Delta,
            scene.Services + Changes,
            [.. shares.Select(static share => new StreamPlan(share, Reading.All, IsNoting: false, IsResumed: false))]);
        await fleet.OpenAsync();
        await fleet.QuietAsync();
    }

    /// <param name="Title">What the streams are subscribed to.</param>
    /// <param name="Services">Of the mesh.</param>
    /// <param name="Shares">Makes them; streams take them in turns.</param>
    /// <param name="ChangeOf">A change that concerns all.</param>
    private sealed record Scene(string Title, int Services, Func<Variant, int, Share[]> Shares, Func<int, Change> ChangeOf);

    private sealed record Result(Scene Scene, Footprint Empty, Footprint Full, TimeSpan Opened, List<TimeSpan> Latencies)
    {
        public long PerStream => (Full.Settled - Empty.Settled) / Streams;
    }
}
