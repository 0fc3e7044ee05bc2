// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;
using Mesh.Operator.Telemetry;
using Mesh.Xds.Acks;

namespace Mesh.Operator.Status;

/// <summary>Waits for a new model or an acknowledgement, reports, and hands what changed to the writer.</summary>
internal sealed class StatusLoop(
    ReconcileLoop reconcile, AckLedger ledger, StatusBoard board, StatusServices services) : BackgroundService
{
    /// <summary>A full disk gets room again without any change of the mesh, which would bring the next report.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private StatusMemory memory = StatusMemory.Empty;

    // What the writer has: after a failed write it differs from the board, so that the next round writes again.
    private ImmutableSortedDictionary<ObjectKey, StatusDocument> written = ImmutableSortedDictionary<ObjectKey, StatusDocument>.Empty;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var (state, rebuilt) = reconcile.State.Read();
                var acknowledged = ledger.WaitForChangeAsync(stoppingToken);
                var isWritten = await ReportAsync(state, stoppingToken);
                var changed = Task.WhenAny(rebuilt.WaitAsync(stoppingToken), acknowledged);
                await (isWritten ? changed : Task.WhenAny(changed, Task.Delay(Retry, services.Time, stoppingToken)));
                stoppingToken.ThrowIfCancellationRequested();
                await Task.Delay(services.Pace, services.Time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    /// <returns>False when what is to be told could not be written.</returns>
    private async Task<bool> ReportAsync(PipelineState state, CancellationToken cancellationToken)
    {
        if (state.Snapshot is null)
        {
            return true;
        }

        var report = StatusReporter.Report(new StatusInput(state.Built, state.Snapshot, ledger.Proxies), memory);
        memory = report.Memory;
        var documents = Stamp(report.Objects);
        var changed = documents.Values.Where(document => written.GetValueOrDefault(document.Status.Key)?.Status != document.Status).ToList();
        var gone = written.Keys.Where(key => !documents.ContainsKey(key)).ToList();
        if (changed.Count == 0 && gone.Count == 0)
        {
            return true;
        }

        LogTransitions(changed, board.Documents.Value);
        board.Documents.Publish(documents);
        try
        {
            await services.Writer.WriteAsync(changed, gone, cancellationToken);
            written = documents;
            services.Metrics.StatusesWritten(changed.Count);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            services.Log.StatusWriteFailed(e);
            return false;
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

    private void LogTransitions(List<StatusDocument> changed, ImmutableSortedDictionary<ObjectKey, StatusDocument> told)
    {
        foreach (var document in changed)
        {
            var old = told.GetValueOrDefault(document.Status.Key)?.AllConditions.ToList() ?? [];
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

/// <summary>What the loop needs beside its inputs.</summary>
/// <param name="Writer">Where statuses go.</param>
/// <param name="Pace">Least time between two reports, so that a burst of acknowledgements is one write.</param>
/// <param name="Time">Clock.</param>
/// <param name="Metrics">Counts.</param>
/// <param name="Log">Log.</param>
internal sealed record StatusServices(IStatusWriter Writer, TimeSpan Pace, TimeProvider Time, MeshMetrics Metrics, ILogger<StatusLoop> Log);
