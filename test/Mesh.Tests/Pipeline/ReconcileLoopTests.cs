// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;
using Mesh.Operator.Telemetry;
using Mesh.Testing;
using Mesh.Testing.Builders;
using Mesh.Tests.Building;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Tests.Pipeline;

public sealed class ReconcileLoopTests
{
    private static readonly IntendedException Bug = new();

    [Test]
    public async Task Failed_run_leaves_state_and_snapshot_and_the_next_one_takes_in_what_it_had_taken()
    {
        var store = new ResourceStore();
        store.Apply(Built.Cart);
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var snapshots = new SnapshotStore(SnapshotBuilder.ForNode);
        using var loop = LoopOf(store, snapshots, (before, change) =>
        {
            if (change.Changed.Any(key => key.Kind == "Service") && before.Snapshot is not null && !failed.Task.IsCompleted)
            {
                failed.SetResult();
                throw Bug;
            }

            return Stages.Run(before, change);
        });
        await loop.StartAsync(CancellationToken.None).WithTimeout();
        var first = await loop.State.WaitForAsync(state => state.Snapshot is not null, CancellationToken.None).WithTimeout();

        store.Apply(Make.Service("shop/pay", "10.96.0.11", "80:http"));
        await failed.Task.WithTimeout();
        Assert.That(loop.State.Value, Is.SameAs(first));

        // A pod takes the short way, on which services are not looked at.
        store.Apply(Make.Pod("shop/p", "10.244.0.1"));
        var last = await loop.State.WaitForAsync(state => !ReferenceEquals(state, first), CancellationToken.None).WithTimeout();
        await loop.StopAsync(CancellationToken.None).WithTimeout();

        Assert.That(last.Built.Model.Services.Keys.Order(), Is.EqualTo([new ServiceName("shop", "cart"), new ServiceName("shop", "pay")]));
        Assert.That(snapshots.Current, Is.SameAs(last.Snapshot));
    }

    [Test]
    public async Task Run_that_changes_nothing_of_the_mesh_publishes_nothing()
    {
        var store = new ResourceStore();
        store.Apply(Built.Cart);
        var snapshots = new SnapshotStore(SnapshotBuilder.ForNode);
        using var loop = LoopOf(store, snapshots, Stages.Run);
        await loop.StartAsync(CancellationToken.None).WithTimeout();
        var first = await loop.State.WaitForAsync(state => state.Snapshot is not null, CancellationToken.None).WithTimeout();

        store.Apply(Make.Pod("shop/p", "10.244.0.1"));
        var second = await loop.State.WaitForAsync(state => state.Built.Resources.Pods.Count == 1, CancellationToken.None).WithTimeout();
        await loop.StopAsync(CancellationToken.None).WithTimeout();

        Assert.That(second.Snapshot, Is.SameAs(first.Snapshot));
        Assert.That(snapshots.Current, Is.SameAs(first.Snapshot));
    }

    private static ReconcileLoop LoopOf(
        ResourceStore store, SnapshotStore snapshots, Func<PipelineState, StoreChange, PipelineState> stages) => new(
        store,
        new SyncedSource(),
        snapshots,
        new ReconcileServices(
            TimeProvider.System, DebounceOptions.Default, new MeshMetrics(new AckLedger()), NullLogger<ReconcileLoop>.Instance)
        { Stages = stages });

    private sealed class SyncedSource : IResourceSource
    {
        public Task Synced => Task.CompletedTask;

        public Task RunAsync(ResourceStore store, CancellationToken ct) => Task.CompletedTask;
    }

    private sealed class IntendedException : Exception;
}
