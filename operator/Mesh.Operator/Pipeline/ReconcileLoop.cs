// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Operator.Telemetry;
using Mesh.Xds.Snapshots;

namespace Mesh.Operator.Pipeline;

/// <summary>The one place that knows the order of the stages: waits for changes, lets a burst settle, runs them, publishes.</summary>
internal sealed class ReconcileLoop(
    ResourceStore store, IResourceSource source, SnapshotStore snapshots, ReconcileServices services) : BackgroundService
{
    /// <summary>The newest run, for the status stage.</summary>
    public Newest<PipelineState> State { get; } = new(PipelineState.Start);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Never publish a half-read mesh: a restarted control plane would take away what proxies use.
            await source.Synced.WaitAsync(stoppingToken);
            Run();
            while (true)
            {
                await store.WaitForChangeAsync(stoppingToken);
                await SettleAsync(stoppingToken);
                Run();
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

    private void Run()
    {
        var before = State.Value;
        var change = store.Take();
        try
        {
            var start = services.Time.GetTimestamp();
            var built = before.Snapshot is null ? ModelBuilder.Build(change.Resources) : ModelBuilder.Update(before.Built, change);
            var snapshot = SnapshotBuilder.Build(built.Model, before.Snapshot);
            snapshots.Publish(snapshot);
            State.Publish(new PipelineState(built, snapshot));
            var took = services.Time.GetElapsedTime(start);
            services.Metrics.Reconciled(took);
            services.Log.Reconciled(snapshot.Revision.Value, took.TotalMilliseconds);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A bug: the last good snapshot keeps serving. The next run starts from nothing, lest it inherit a broken state.
            services.Metrics.ReconcileFailed();
            services.Log.ReconcileFailed(e, change.Resources.Revision.Value);
            var built = ModelBuilder.Build(change.Resources);
            State.Publish(before with { Built = built with { Model = built.Model with { Changes = null } } });
        }
    }
}

/// <summary>What the loop needs beside its stages.</summary>
/// <param name="Time">Clock.</param>
/// <param name="Debounce">How bursts settle.</param>
/// <param name="Metrics">Counts.</param>
/// <param name="Log">Log.</param>
internal sealed record ReconcileServices(TimeProvider Time, DebounceOptions Debounce, MeshMetrics Metrics, ILogger<ReconcileLoop> Log);
