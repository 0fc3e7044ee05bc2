// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;
using Mesh.Operator.Telemetry;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Operator.Status;

/// <summary>Waits for a new model or an acknowledgement, reports, and hands what changed to the writer.</summary>
internal sealed class StatusLoop(
    ReconcileLoop reconcile, StatusSources sources, StatusBoard board, StatusServices services) : BackgroundService
{
    private const int PausePerWork = 5;

    private StatusMemory memory = StatusMemory.Empty;

    // What the writer has: after a failed write it differs from the board, so that the next round writes again.
    private ImmutableSortedDictionary<ObjectKey, StatusDocument> written = ImmutableSortedDictionary<ObjectKey, StatusDocument>.Empty;

    // Also before the first write, which takes away what an earlier run has left, be there anything to write or not.
    private bool isWriteDue = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                // The waits end with their round, lest they pile up at whichever event is the rarer.
                using var round = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                var (state, rebuilt) = reconcile.State.Read();
                Task[] wakers =
                [
                    rebuilt.WaitAsync(round.Token),
                    sources.Ledger.WaitForChangeAsync(round.Token),
                    sources.Fleet.WaitForChangeAsync(round.Token),
                ];
                var begin = services.Time.GetTimestamp();
                await ReportAsync(state, stoppingToken);
                var took = services.Time.GetElapsedTime(begin);
                await Task.WhenAny([.. wakers, RetryAsync(state, round.Token)]);
                await round.CancelAsync();
                stoppingToken.ThrowIfCancellationRequested();
                await Task.Delay(Pause(took), services.Time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    /// <summary>A report on a large mesh takes long: it gets a small part of a processor, since acknowledgements go on coming meanwhile.</summary>
    private TimeSpan Pause(TimeSpan took) => took * PausePerWork > services.Pace ? took * PausePerWork : services.Pace;

    /// <summary>Ends when a failed write is to be tried again, or what is known of other replicas changes by time alone; else it waits for ever.</summary>
    private Task RetryAsync(PipelineState state, CancellationToken cancellationToken)
    {
        var retry = isWriteDue && state.Snapshot is not null ? services.Retry : (TimeSpan?)null;
        var due = sources.Fleet.Due is { } fleet && (retry is null || fleet < retry) ? fleet : retry;
        return Task.Delay(due ?? Timeout.InfiniteTimeSpan, services.Time, cancellationToken);
    }

    private async Task ReportAsync(PipelineState state, CancellationToken cancellationToken)
    {
        if (state.Snapshot is null)
        {
            return;
        }

        try
        {
            var begin = services.Time.GetTimestamp();
            var proxies = sources.Ledger.Proxies;
            var input = new StatusInput(state.Built, state.Snapshot, proxies)
            {
                Nodes = sources.Snapshots.Nodes,
                Fleet = sources.Fleet.Look(proxies),
            };
            var report = StatusReporter.Report(input, memory);
            memory = report.Memory;
            services.Metrics.StatusReported(services.Time.GetElapsedTime(begin));
            await WriteAsync(Stamp(report.Objects), cancellationToken);
            sources.Fleet.Reported(input, report);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A full disk, or a bug: the mesh goes on without statuses being current, and says so.
            isWriteDue = true;
            services.Log.StatusWriteFailed(e, services.Retry.TotalSeconds);
        }
    }

    private async Task WriteAsync(ImmutableSortedDictionary<ObjectKey, StatusDocument> documents, CancellationToken cancellationToken)
    {
        var changed = documents.Values.Where(document => written.GetValueOrDefault(document.Status.Key)?.Status != document.Status).ToList();
        var gone = written.Keys.Where(key => !documents.ContainsKey(key)).ToList();
        if (changed.Count == 0 && gone.Count == 0 && !isWriteDue)
        {
            return;
        }

        LogTransitions(changed);
        board.Documents.Publish(documents);
        await services.Writer.WriteAsync(changed, gone, cancellationToken);
        written = documents;
        isWriteDue = false;
        if (!services.Writer.IsDeferred)
        {
            services.Metrics.StatusesWritten(changed.Count);
        }
    }

    private ImmutableSortedDictionary<ObjectKey, StatusDocument> Stamp(ImmutableSortedDictionary<ObjectKey, ObjectStatus> objects)
    {
        var now = services.Time.GetUtcNow().UtcDateTime;
        var previous = board.Documents.Value;
        return objects.ToImmutableSortedDictionary(
            pair => pair.Key,
            pair => previous.TryGetValue(pair.Key, out var old) && old.Status == pair.Value ? old : StatusDocuments.Of(pair.Value, old, now));
    }

    private void LogTransitions(List<StatusDocument> changed)
    {
        foreach (var document in changed)
        {
            var old = board.Documents.Value.GetValueOrDefault(document.Status.Key)?.AllConditions.ToList() ?? [];
            var position = 0;
            foreach (var condition in document.AllConditions)
            {
                var before = position < old.Count ? old[position] : null;
                position++;
                if (before?.Status != condition.Status || before?.Reason != condition.Reason)
                {
                    services.Log.ConditionChanged(
                        document.Status.Key.ToString(), condition.Type!, condition.Status.ToString()!, condition.Reason!, condition.Message!);
                }
            }
        }
    }
}

/// <summary>Where the loop reads how far the proxies are.</summary>
/// <param name="Ledger">What they have accepted and refused.</param>
/// <param name="Snapshots">What they were given.</param>
/// <param name="Fleet">What other replicas know of theirs.</param>
internal sealed record StatusSources(AckLedger Ledger, SnapshotStore Snapshots, IFleet Fleet);

/// <summary>What the loop needs beside its inputs.</summary>
/// <param name="Writer">Where statuses go.</param>
/// <param name="Pace">Least time between two reports, so that a burst of acknowledgements is one write.</param>
/// <param name="Time">Clock.</param>
/// <param name="Metrics">Counts.</param>
/// <param name="Log">Log.</param>
internal sealed record StatusServices(IStatusWriter Writer, TimeSpan Pace, TimeProvider Time, MeshMetrics Metrics, ILogger<StatusLoop> Log)
{
    /// <summary>When a failed write is tried again if nothing changes before.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(1);
}
