// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Operator.Telemetry;
using Mesh.Xds.Snapshots;

namespace Mesh.Operator.Pipeline;

/// <summary>Waits for changes, lets a burst settle, runs the stages, publishes.</summary>
internal sealed class ReconcileLoop(
    ResourceStore store, IResourceSource source, SnapshotStore snapshots, ReconcileServices services) : BackgroundService
{
    private bool isInDoubt;

    /// <summary>The newest run that came to its end, for the status stage.</summary>
    public Newest<PipelineState> State { get; } = new(PipelineState.Start);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            services.Metrics.ReadQueueBy(() => store.PendingChanges);

            // Never publish a half-read mesh: a restarted control plane would take away what proxies use.
            await source.Synced.WaitAsync(stoppingToken);
            Run(services.Time.GetTimestamp());
            while (true)
            {
                await store.WaitForChangeAsync(stoppingToken);
                var noticed = services.Time.GetTimestamp();
                await SettleAsync(stoppingToken);
                services.Metrics.Settled(services.Time.GetElapsedTime(noticed));
                Run(noticed);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    /// <summary>Waits until the store has been quiet for a moment, but not for ever.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var start = services.Time.GetTimestamp();
        var revision = store.Current.Revision;
        while (services.Time.GetElapsedTime(start) < services.Debounce.Maximum)
        {
            await Task.Delay(services.Debounce.Quiet, services.Time, cancellationToken);
            if (store.Current.Revision == revision)
            {
                return;
            }

            revision = store.Current.Revision;
        }
    }

    /// <param name="noticed">When the first of the changes was seen.</param>
    private void Run(long noticed)
    {
        var change = store.Take();
        try
        {
            var start = services.Time.GetTimestamp();
            var before = Before();
            var newest = services.Stages(before, change);
            var snapshot = newest.Snapshot ?? throw new InvalidOperationException("The stages made no snapshot.");
            isInDoubt = false;
            if (!ReferenceEquals(snapshot, before.Snapshot))
            {
                services.Metrics.Publishes(snapshot.Revision, noticed);
                snapshots.Publish(snapshot);
            }

            State.Publish(newest);
            var took = services.Time.GetElapsedTime(start);
            services.Metrics.Reconciled(took);
            services.Log.Reconciled(snapshot.Revision.Value, took.TotalMilliseconds);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A bug. What is published keeps serving, and the statuses go on telling of that: nobody has anything newer.
            isInDoubt = true;
            services.Metrics.ReconcileFailed();
            services.Log.ReconcileFailed(e, change.Resources.Revision.Value);
        }
    }

    /// <summary>What the run starts from. After a failure the model is built anew, since the changes that were taken then are lost.</summary>
    private PipelineState Before() => isInDoubt ? State.Value with { Built = BuildResult.Empty } : State.Value;
}

/// <summary>What the loop needs beside its stages.</summary>
/// <param name="Time">Clock.</param>
/// <param name="Debounce">How bursts settle.</param>
/// <param name="Metrics">Counts.</param>
/// <param name="Log">Log.</param>
internal sealed record ReconcileServices(TimeProvider Time, DebounceOptions Debounce, MeshMetrics Metrics, ILogger<ReconcileLoop> Log)
{
    /// <summary>What a run does: pure.</summary>
    public Func<PipelineState, StoreChange, PipelineState> Stages { get; init; } = Pipeline.Stages.Run;
}
