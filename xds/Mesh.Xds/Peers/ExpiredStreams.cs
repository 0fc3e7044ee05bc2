// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Mesh.Xds.Edge;
using Mesh.Xds.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.Xds.Peers;

/// <summary>
/// Ends streams that outlive the token that they began with; their clients come again with a newer one, and get nothing that they have. While
/// nobody can judge tokens no stream is ended, for its client could not come back.
/// </summary>
internal sealed class ExpiredStreams(OpenStreams streams, IBearerJudge judge, EdgeLimits limits, TimeProvider time, ILogger<ExpiredStreams> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly Status Farewell = new(
        StatusCode.Unavailable, "The token that this stream began with has expired; come again with the newer one.");

    // When a judge that was away was found back.
    private DateTimeOffset? isBackSince = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    /// <summary>Ends those whose time is over, the oldest first, and no more at a time than come back easily.</summary>
    internal async Task LookAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var over = streams.ExpiredBefore(now - limits.TokenGrace);
        if (over.Count == 0)
        {
            return;
        }

        if (!await judge.IsThereAsync(ct))
        {
            if (isBackSince is not null)
            {
                log.ExpiredStreamsKept(over.Count);
            }

            isBackSince = null;
            return;
        }

        // Who renews tokens was cut off as well, and may need its time.
        isBackSince ??= now;
        if (now - limits.TokenGrace < isBackSince)
        {
            return;
        }

        foreach (var stream in over.OrderBy(static stream => stream.Until).Take((int)(limits.DrainedPerSecond * Interval.TotalSeconds / 10)))
        {
            await stream.EndAsync(Farewell);
        }
    }
}
