// SPDX-License-Identifier: Apache-2.0
using Mesh.Benchmarks.Streams.Wire;

namespace Mesh.Benchmarks.Streams;

/// <summary>A thousand streams of which a hundred never take what they are sent, over a thousand changes.</summary>
internal static class StalledStreams
{
    private const int Services = 1000;
    private const int Subscribed = 50;
    private const int Streams = 1000;
    private const int Stalled = 100;
    private const int Changes = 1000;
    private const int Sampled = 100;
    private const double Growth = 1.05;
    private const double Slowdown = 1.5;

    public static async Task PrintAsync()
    {
        var alone = await RunAsync(stalled: 0);
        var beside = await RunAsync(Stalled);
        Report.Table(
            Report.Text($"stalled streams: {Streams:N0} delta streams with {Subscribed * 4} resources each, {Changes:N0} changes that concern all"),
            ["changes", .. Enumerable.Range(0, (Changes / Sampled) + 1).Select(static sample => Report.Text($"{sample * Sampled}"))],
            [
                ["RSS, all read", .. alone.Samples.Select(static sample => Report.Megabytes(sample.Settled))],
                [$"RSS, {Stalled} never read", .. beside.Samples.Select(static sample => Report.Megabytes(sample.Settled))],
                [$"managed heap, {Stalled} never read", .. beside.Samples.Select(static sample => Report.Megabytes(sample.Heap))],
            ]);
        Report.Table(
            Report.Text($"a change to each of the {Streams - Stalled} streams that read"),
            ["run", "p50 / p99 / max", "streams at the end"],
            [
                ["all read", Report.Spread(alone.Latencies), Report.Text($"{alone.StreamsAtEnd}")],
                [$"{Stalled} never read", Report.Spread(beside.Latencies), Report.Text($"{beside.StreamsAtEnd}")],
            ]);
        var isFlat = beside.Samples[^1].Settled <= beside.Samples[1].Settled * Growth && beside.Samples[^1].Heap <= beside.Samples[1].Heap * Growth;
        Report.Verdict("memory flat over the changes (within 5 % from the 100th to the 1 000th)", isFlat);
        var ratio = Report.Percentile(beside.Latencies, 99) / Report.Percentile(alone.Latencies, 99);
        Report.Verdict(Report.Text($"the others unaffected (p99 within 1.5 of the run in which all read; here {ratio:0.00})"), ratio <= Slowdown);
    }

    private static async Task<Result> RunAsync(int stalled)
    {
        await using var server = await BenchServerProcess.StartAsync(Services);
        var share = Share.Of(Variant.Delta, [.. Enumerable.Range(0, Subscribed)]);
        var plans = Enumerable.Range(0, Streams).Select(number => new StreamPlan(share, ReadingOf(number, stalled), IsNoting: false, IsResumed: false));
        await using var fleet = new StreamFleet(server.Address, Variant.Delta, Services, [.. plans]);
        await fleet.OpenAsync();
        await fleet.QuietAsync();
        var samples = new List<Footprint>();
        var latencies = new List<TimeSpan>();
        for (var change = 0; change <= Changes; change++)
        {
            if (change % Sampled == 0)
            {
                samples.Add(await server.SettleAsync());
            }

            // The hundred that stall in the other run are not counted in this one either.
            latencies.AddRange((await fleet.ChangeAsync(Change.Endpoint(change % Subscribed), server.PostAsync)).Take(Streams - Stalled));
        }

        return new Result(samples, latencies, (await server.StatsAsync()).Streams);
    }

    // The last ones. Half of them hang with HTTP/2 alive, half are stopped processes; of these Kestrel's pings rid the server after a while.
    private static Reading ReadingOf(int number, int stalled) =>
        number < Streams - stalled ? Reading.All : number % 2 == 0 ? Reading.GrantsNothing : Reading.Nothing;

    private sealed record Result(List<Footprint> Samples, List<TimeSpan> Latencies, int StreamsAtEnd);
}
