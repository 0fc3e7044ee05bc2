// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Operator.Telemetry;
using Mesh.Testing;
using Mesh.Testing.Builders;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Tests.Status;

public sealed class StatusLoopTests
{
    private static readonly ObjectKey Policy = new("TrafficPolicy", "shop", "p");

    [Test]
    public async Task Failed_write_is_tried_again_though_nothing_changes()
    {
        var writer = new RecordingWriter(new IOException("disk full"), new InvalidOperationException("a bug"));
        using var reconcile = ReconcileLoop();
        using var loop = LoopOf(reconcile, writer);
        reconcile.State.Publish(StateOf(ModelBuilder.Build(ResourceSetBuilder.Of(Make.Policy("shop/p", new())))));

        await loop.StartAsync(CancellationToken.None).WithTimeout();
        var written = await writer.Written.ReadAsync().AsTask().WithTimeout();
        await loop.StopAsync(CancellationToken.None).WithTimeout();

        Assert.That(written, Is.EqualTo([Policy]));
        Assert.That(writer.Failures, Is.Empty);
    }

    [Test]
    public async Task First_report_reaches_the_writer_even_when_there_is_nothing_to_tell()
    {
        var writer = new RecordingWriter();
        using var reconcile = ReconcileLoop();
        using var loop = LoopOf(reconcile, writer);
        reconcile.State.Publish(StateOf(BuildResult.Empty));

        await loop.StartAsync(CancellationToken.None).WithTimeout();
        var written = await writer.Written.ReadAsync().AsTask().WithTimeout();
        await loop.StopAsync(CancellationToken.None).WithTimeout();

        Assert.That(written, Is.Empty);
    }

    private static PipelineState StateOf(BuildResult built) => new(built, SnapshotBuilder.Build(built.Model, previous: null));

    private static ReconcileLoop ReconcileLoop() => new(
        new ResourceStore(),
        new IdleSource(),
        new SnapshotStore(SnapshotBuilder.ForNode),
        new ReconcileServices(
            TimeProvider.System, DebounceOptions.Default, new MeshMetrics(new AckLedger()), NullLogger<ReconcileLoop>.Instance));

    private static StatusLoop LoopOf(ReconcileLoop reconcile, IStatusWriter writer)
    {
        var ledger = new AckLedger();
        var pace = TimeSpan.FromMilliseconds(1);
        return new StatusLoop(
            reconcile,
            new StatusSources(ledger, new SnapshotStore(SnapshotBuilder.ForNode), new NoFleet()),
            new StatusBoard(),
            new StatusServices(writer, pace, TimeProvider.System, new MeshMetrics(ledger), NullLogger<StatusLoop>.Instance) { Retry = pace });
    }

    /// <summary>Fails as often as it was told to, and keeps what it was given afterwards.</summary>
    private sealed class RecordingWriter(params Exception[] failures) : IStatusWriter
    {
        private readonly Channel<ObjectKey[]> written = Channel.CreateUnbounded<ObjectKey[]>();

        public Queue<Exception> Failures { get; } = new(failures);

        public ChannelReader<ObjectKey[]> Written => written.Reader;

        public Task WriteAsync(
            IReadOnlyCollection<StatusDocument> changed, IReadOnlyCollection<ObjectKey> gone, CancellationToken cancellationToken)
        {
            if (Failures.TryDequeue(out var failure))
            {
                throw failure;
            }

            written.Writer.TryWrite([.. changed.Select(document => document.Status.Key)]);
            return Task.CompletedTask;
        }
    }

    private sealed class IdleSource : IResourceSource
    {
        public Task Synced => Task.CompletedTask;

        public Task RunAsync(ResourceStore store, CancellationToken ct) => Task.CompletedTask;
    }
}
