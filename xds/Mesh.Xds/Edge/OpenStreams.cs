// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;

namespace Mesh.Xds.Edge;

/// <summary>The streams that are open, and how they are sent away when the process stops: not all in the same instant, for they all connect anew.</summary>
internal sealed class OpenStreams(TimeProvider time)
{
    public static readonly Status Stopping = new(StatusCode.Unavailable, "The control plane is stopping.");

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private readonly HashSet<OpenStream> streams = [];
    private bool isStopping;

    public int Count
    {
        get
        {
            lock (gate)
            {
                return streams.Count;
            }
        }
    }

    /// <summary>A stream that lives until it is disposed; null when the process is stopping and takes no more.</summary>
    /// <param name="ct">Cancelled when the client has gone.</param>
    public OpenStream? TryOpen(CancellationToken ct)
    {
        lock (gate)
        {
            if (isStopping)
            {
                return null;
            }

            var stream = new OpenStream(this, ct);
            streams.Add(stream);
            return stream;
        }
    }

    /// <summary>Takes no more streams from now on.</summary>
    /// <returns>How many there are to send away.</returns>
    public int Close()
    {
        lock (gate)
        {
            isStopping = true;
            return streams.Count;
        }
    }

    /// <summary>Ends all, evenly over a time.</summary>
    public async Task DrainAsync(TimeSpan duration)
    {
        OpenStream[] leaving;
        lock (gate)
        {
            isStopping = true;
            leaving = [.. streams];
        }

        var started = time.GetTimestamp();
        for (var ended = 0; ended < leaving.Length;)
        {
            var share = duration > TimeSpan.Zero ? time.GetElapsedTime(started) / duration : 1;
            var due = share < 1 ? (int)(share * leaving.Length) : leaving.Length;
            for (; ended < due; ended++)
            {
                await leaving[ended].EndAsync(Stopping);
            }

            if (ended < leaving.Length)
            {
                await Task.Delay(Step, time, CancellationToken.None);
            }
        }
    }

    /// <summary>Streams whose client's proof of who it is expired before then.</summary>
    public IReadOnlyList<OpenStream> ExpiredBefore(DateTimeOffset then)
    {
        lock (gate)
        {
            return [.. streams.Where(stream => stream.Until < then)];
        }
    }

    internal void Remove(OpenStream stream)
    {
        lock (gate)
        {
            streams.Remove(stream);
        }
    }
}

/// <summary>One stream, which ends when its client goes or when it is sent away.</summary>
internal sealed class OpenStream(OpenStreams all, CancellationToken clientGone) : IDisposable
{
    private readonly Lock gate = new();
    private bool isDisposed;

    // UTC ticks: the stream writes it and who ends streams reads it.
    private long until = long.MaxValue;

    public CancellationTokenSource Stop { get; } = CancellationTokenSource.CreateLinkedTokenSource(clientGone);

    /// <summary>When its client's proof of who it is expires; null where that does not end it.</summary>
    public DateTimeOffset? Until
    {
        get => Volatile.Read(ref until) is var ticks && ticks == long.MaxValue ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
        set => Volatile.Write(ref until, value?.UtcTicks ?? long.MaxValue);
    }

    /// <summary>What it is told at its end; null as long as it is not sent away.</summary>
    public Status? Farewell { get; private set; }

    public bool IsSentAway => Farewell is not null;

    /// <summary>Sends it away.</summary>
    public Task EndAsync(Status farewell)
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return Task.CompletedTask;
            }

            Farewell ??= farewell;

            // The callbacks run elsewhere, so that a stream's end does not hold up the next one's.
            return Stop.CancelAsync();
        }
    }

    public void Dispose()
    {
        all.Remove(this);
        lock (gate)
        {
            isDisposed = true;
        }

        Stop.Dispose();
    }
}
