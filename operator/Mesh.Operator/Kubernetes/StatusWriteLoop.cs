// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Mesh.Model;
using Mesh.Operator.Replicas;
using Mesh.Operator.Sources;
using Mesh.Operator.Telemetry;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Writes statuses for as long as this replica leads: first it reads what the cluster has, then it writes what differs, a few objects at a
/// time. An object that cannot be written waits by itself and holds up no other.
/// </summary>
internal sealed class StatusWriteLoop(ILeadership leadership, StatusQueue queue, StatusWriting writing, StatusLoopServices services) : BackgroundService
{
    private static readonly TimeSpan NextRead = TimeSpan.FromSeconds(1);

    // What was told of, lest each object says it again: sort of failure by kind.
    private readonly ConcurrentDictionary<(string Kind, ApiFailureKind Failure), bool> told = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var changed = leadership.WaitForChangeAsync(stoppingToken);
                if (leadership.IsLeader)
                {
                    await LeadAsync(changed, stoppingToken);
                }
                else
                {
                    await changed;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    /// <summary>Ends when the leadership does, with no write under way.</summary>
    private async Task LeadAsync(Task changed, CancellationToken stoppingToken)
    {
        using var term = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var work = TermAsync(term.Token);
        await Task.WhenAny(changed, work);
        await term.CancelAsync();
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (term.IsCancellationRequested)
        {
            // The term is over.
        }
        finally
        {
            services.Fleet.Follow();
            queue.Deactivate();
        }

        stoppingToken.ThrowIfCancellationRequested();
    }

    private async Task TermAsync(CancellationToken cancellationToken)
    {
        await queue.Reported.WaitAsync(cancellationToken);
        queue.Watch();
        var term = new StatusTerm(services.Time.GetUtcNow());
        var left = new List<(ObjectKey Key, DateTimeOffset Due)>();
        await Task.WhenAll(StatusKind.All.Select(async kind =>
        {
            // Without the nodes nobody knows which proxies are connected elsewhere, and what is not known would not be waited for.
            while (!await ReadAsync(kind, term, left, cancellationToken) && kind.Shape == StatusShape.Node)
            {
                await Task.Delay(NextRead, services.Time, cancellationToken);
            }
        }));
        await services.Fleet.LeadAsync(Connected(term), cancellationToken);
        foreach (var (key, due) in left)
        {
            queue.AddGone(key, term.Start, due);
        }

        queue.Activate(term.Start);

        await Task.WhenAll(Enumerable.Range(0, writing.Options.Writers).Select(_ => WorkAsync(term, cancellationToken)));
    }

    /// <summary>Nodes that the leader before had seen.</summary>
    private static IEnumerable<NodeName> Connected(StatusTerm term) => term.Known
        .Where(static pair => StatusKind.IsNode(pair.Key) && pair.Value.Status is not null && MeshNodeBody.GoneSince(pair.Value.Status) is null)
        .Select(static pair => new NodeName(pair.Key.Name));

    /// <summary>What the cluster has of one kind, and what of it is ours and nobody reports any more.</summary>
    private async Task<bool> ReadAsync(StatusKind kind, StatusTerm term, List<(ObjectKey Key, DateTimeOffset Due)> left, CancellationToken cancellationToken)
    {
        try
        {
            var reported = queue.Keys.ToHashSet();
            await foreach (var item in writing.Api.ListAsync(kind, cancellationToken))
            {
                var key = KeyOf(kind, item);
                var known = KnownStatus.Of(kind, item);
                if (reported.Contains(key) || kind.Shape == StatusShape.Node)
                {
                    term.Known[key] = known;
                }

                if (StatusPatience.Unreported(kind, known, writing.Options) is { } patience && !reported.Contains(key))
                {
                    lock (left)
                    {
                        left.Add((key, term.Start + patience));
                    }
                }
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Then each object is read when it is its turn.
            Tell(kind, $"every {kind.Entry.Kind}", e, TimeSpan.Zero);
            return false;
        }

        return true;
    }

    private async Task WorkAsync(StatusTerm term, CancellationToken cancellationToken)
    {
        while (true)
        {
            var key = await queue.TakeAsync(cancellationToken);
            if (!leadership.IsLeader)
            {
                // Frozen for too long, say: the end of the term is on its way, unless the lease was renewed in this moment.
                queue.Failed(key, static _ => NextRead);
                continue;
            }

            try
            {
                queue.Done(key, await writing.Writer.WriteAsync(key, term, cancellationToken));
                Forget(key);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                var failure = ApiFailure.Of(e);
                services.Metrics.StatusWriteFailed(failure.Kind);
                var pause = queue.Failed(key, failures => Pause(failures, failure.RetryAfter));
                Tell(StatusKind.Of(key)!, key.ToString(), e, pause); // It was written to, so it has one.
            }
        }
    }

    /// <summary>Doubles, and is drawn from its upper half so that objects that failed together do not come back together.</summary>
    private TimeSpan Pause(int failures, TimeSpan atLeast)
    {
        var pause = writing.Options.FirstRetry * Math.Pow(2, Math.Min(failures - 1, 20));
        pause = (pause < writing.Options.LongestRetry ? pause : writing.Options.LongestRetry) * (0.5 + (services.Random() / 2));
        return pause > atLeast ? pause : atLeast;
    }

    private void Tell(StatusKind kind, string what, Exception e, TimeSpan pause)
    {
        var failure = ApiFailure.Of(e);
        if (failure.Kind != ApiFailureKind.Unauthorized && told.TryAdd((kind.Entry.Kind, failure.Kind), true))
        {
            var advice = failure.Advice($"get, list and patch {kind.Entry.Plural} and {kind.Entry.Plural}/status of {kind.Entry.Group}");
            services.Log.ClusterStatusNotWritten(what, failure.Message, advice, pause.TotalSeconds);
        }
    }

    /// <summary>The next failure is news again.</summary>
    private void Forget(ObjectKey key)
    {
        if (told.IsEmpty)
        {
            return;
        }

        foreach (var kind in told.Keys.Where(pair => pair.Kind == key.Kind && pair.Failure == ApiFailureKind.Unavailable))
        {
            told.TryRemove(kind, out _);
        }
    }

    private static ObjectKey KeyOf(StatusKind kind, JsonObject item)
    {
        var metadata = item["metadata"];
        return new ObjectKey(kind.Entry.Kind, (string?)metadata?["namespace"] ?? string.Empty, (string?)metadata?["name"] ?? string.Empty);
    }
}

/// <summary>How statuses are written.</summary>
internal sealed record StatusWriting(StatusApi Api, StatusObjectWriter Writer, StatusWriteOptions Options);

/// <summary>What the loop needs beside its tools.</summary>
internal sealed record StatusLoopServices(FleetBoard Fleet, MeshMetrics Metrics, TimeProvider Time, ILogger<StatusWriteLoop> Log)
{
    /// <summary>From 0 to 1.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}
