// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;

namespace Mesh.Testing;

/// <summary>What came of the requests of a <see cref="Load"/>.</summary>
/// <param name="Latencies">Of those that were answered well.</param>
/// <param name="Failures">What became of each of the others, in words.</param>
public sealed record LoadResult(ImmutableArray<TimeSpan> Latencies, ImmutableArray<string> Failures)
{
    public int Requests => Latencies.Length + Failures.Length;
}

/// <summary>Requests from a pod's address at a steady rate, until it is stopped. Answers other than 200 and broken connections are failures.</summary>
public sealed class Load : IAsyncDisposable
{
    private const int Workers = 20;

    private readonly PodClient client;
    private readonly string url;
    private readonly TimeSpan period;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<TimeSpan> latencies = new();
    private readonly ConcurrentQueue<string> failures = new();
    private readonly Task work;

    private Load(string client, string url, int rate)
    {
        this.client = new PodClient(client);
        this.url = url;
        period = TimeSpan.FromSeconds((double)Workers / rate);
        work = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => WorkAsync(period * ((double)worker / Workers))));
    }

    /// <summary>Starts as soon as a first request is answered.</summary>
    /// <param name="client">Address of the pod that asks.</param>
    /// <param name="url">What it asks for.</param>
    /// <param name="rate">Requests in a second.</param>
    public static async Task<Load> StartAsync(string client, string url, int rate)
    {
        using var first = new PodClient(client);
        await first.AnsweredAsync(url);
        return new Load(client, url, rate);
    }

    /// <summary>Completes when so many requests more have been answered, well or not.</summary>
    public async Task PassedAsync(int requests)
    {
        var begin = latencies.Count + failures.Count;
        using var timer = new PeriodicTimer(period, TimeProvider.System);
        while (latencies.Count + failures.Count < begin + requests && await timer.WaitForNextTickAsync(stop.Token))
        {
        }
    }

    /// <summary>Ends after the requests under way.</summary>
    public async Task<LoadResult> StopAsync()
    {
        await stop.CancelAsync();
        await work;
        return new LoadResult([.. latencies], [.. failures]);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        client.Dispose();
        stop.Dispose();
    }

    private async Task WorkAsync(TimeSpan offset)
    {
        try
        {
            await Task.Delay(offset, TimeProvider.System, stop.Token);
            using var timer = new PeriodicTimer(period, TimeProvider.System);
            do
            {
                await RequestAsync();
            }
            while (await timer.WaitForNextTickAsync(stop.Token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to end.
        }
    }

    private async Task RequestAsync()
    {
        var begin = TimeProvider.System.GetTimestamp();
        try
        {
            var answer = await client.GetAsync(url);
            if (answer.Status == 200)
            {
                latencies.Enqueue(TimeProvider.System.GetElapsedTime(begin));
            }
            else
            {
                failures.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{answer.Status}: {answer.Body}"));
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            failures.Enqueue($"{e.GetType().Name}: {e.Message} {e.InnerException?.Message}");
        }
    }
}
