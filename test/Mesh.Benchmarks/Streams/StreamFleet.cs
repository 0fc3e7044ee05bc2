// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Benchmarks.Streams.Wire;

namespace Mesh.Benchmarks.Streams;

/// <summary>Many nodes with a connection each, and the stopwatch: how long a change takes to each of them.</summary>
internal sealed class StreamFleet : IAsyncDisposable
{
    // As many at once: a kernel's queue of new connections is short.
    private const int Batch = 200;

    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LoadStream[] streams;
    private readonly StreamPlan[] plans;
    private readonly List<Task> running = [];
    private Awaited? awaited;
    private int unsynced;

    public StreamFleet(IPEndPoint server, Variant variant, int services, StreamPlan[] plans)
    {
        (Server, Variant, Services, this.plans) = (server, variant, services, plans);
        unsynced = plans.Count(static plan => plan is { Reading: Reading.All, IsResumed: false });
        streams = [.. plans.Select((plan, number) => new LoadStream(this, number, plan))];
    }

    public IPEndPoint Server { get; }

    public Variant Variant { get; }

    /// <summary>Of the mesh, with room for those that are added.</summary>
    public int Services { get; }

    public long BytesReceived => streams.Sum(static stream => stream.BytesReceived);

    public long Messages => streams.Sum(static stream => stream.Messages);

    private bool HasSentAll => streams.All(static stream => stream.HasSentAll);

    /// <summary>Opens all streams and waits until each that reads has all it asked for.</summary>
    public async Task<TimeSpan> OpenAsync()
    {
        var begin = TimeProvider.System.GetTimestamp();
        foreach (var batch in streams.Chunk(Batch))
        {
            await Task.WhenAll(batch.Select(stream => stream.ConnectAsync(stop.Token)));
            running.AddRange(batch.Select(RunAsync));
        }

        if (unsynced > 0)
        {
            await WaitAsync(synced.Task, () => $"{Volatile.Read(ref unsynced)} of {streams.Length} streams did not get all they asked for");
        }

        return TimeProvider.System.GetElapsedTime(begin);
    }

    /// <summary>Waits until nothing has come for a while; tells when the last thing came.</summary>
    public async Task<TimeSpan> QuietAsync(Func<bool>? isBusy = null)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var (last, before) = (TimeSpan.Zero, -1L);
        using var timer = new PeriodicTimer(Sample, TimeProvider.System);
        do
        {
            var now = BytesReceived;
            if (now != before || !HasSentAll || isBusy?.Invoke() == true)
            {
                (last, before) = (TimeProvider.System.GetElapsedTime(begin), now);
            }

            await timer.WaitForNextTickAsync(stop.Token);
        }
        while (TimeProvider.System.GetElapsedTime(begin) - last < Silence);

        return last;
    }

    /// <summary>Makes a change and tells how long it took to each stream that reads.</summary>
    public async Task<TimeSpan[]> ChangeAsync(Change change, Func<string, Task> post)
    {
        var arrivals = new Awaited(change.Shows, [.. plans.Select(static plan => plan.Reading == Reading.All)]);
        var begin = TimeProvider.System.GetTimestamp();
        Volatile.Write(ref awaited, arrivals);
        await post(change.Trigger);
        await WaitAsync(arrivals.All, () => $"{arrivals.Missing} streams did not get the change {change.Trigger}");
        Volatile.Write(ref awaited, null);
        return arrivals.Since(begin);
    }

    public void Synced()
    {
        if (Interlocked.Decrement(ref unsynced) == 0)
        {
            synced.SetResult();
        }
    }

    public void Came(int number, Response response) => Volatile.Read(ref awaited)?.Came(number, response);

    /// <summary>Drops all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (var stream in streams)
        {
            stream.Dispose();
        }

        await Task.WhenAll(running);
        stop.Dispose();
    }

    private async Task RunAsync(LoadStream stream)
    {
        try
        {
            await stream.RunAsync(stop.Token);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Dropped.
        }
        catch (Exception e)
        {
            failed.TrySetException(e);
        }
    }

    private async Task WaitAsync(Task task, Func<string> problem)
    {
        try
        {
            await await Task.WhenAny(task, failed.Task).WaitAsync(Limit, TimeProvider.System);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{problem()} within {Limit}.", e);
        }
    }

    /// <summary>Collects when a change came to each stream.</summary>
    private sealed class Awaited(byte[] shows, bool[] isAwaited)
    {
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly long[] arrivals = new long[isAwaited.Length];
        private int missing = isAwaited.Count(static awaited => awaited);

        public Task All => all.Task;

        public int Missing => Volatile.Read(ref missing);

        public void Came(int number, Response response)
        {
            if (arrivals[number] != 0 || !isAwaited[number] || !response.Contains(shows))
            {
                return;
            }

            arrivals[number] = TimeProvider.System.GetTimestamp();
            if (Interlocked.Decrement(ref missing) == 0)
            {
                all.SetResult();
            }
        }

        public TimeSpan[] Since(long begin) =>
            [.. arrivals.Where(static arrival => arrival != 0).Select(arrival => TimeProvider.System.GetElapsedTime(begin, arrival))];
    }
}

/// <param name="Trigger">What makes the server's mesh change.</param>
/// <param name="Shows">Bytes of a response by which the change is known.</param>
internal sealed record Change(string Trigger, byte[] Shows)
{
    /// <summary>The endpoints of one service.</summary>
    public static Change Endpoint(int service) => Of($"endpoint?service={service}", service);

    /// <summary>A service more.</summary>
    public static Change Added(int service) => Of($"add-service?service={service}", service);

    private static Change Of(FormattableString trigger, int service) => new(
        trigger.ToString(System.Globalization.CultureInfo.InvariantCulture),
        System.Text.Encoding.UTF8.GetBytes(new XdsBench.BenchService(service, 0, 0).Name));
}
