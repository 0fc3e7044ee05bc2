// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;
using Mesh.Model;
using Mesh.Xds.Acks;
using Prometheus;

namespace Mesh.Operator.Telemetry;

/// <summary>
/// What the operator counts of itself. It has a registry of its own, so that two operators in one process (tests) do not add up; no
/// label has unbounded values.
/// </summary>
internal sealed class MeshMetrics
{
    private const double ShortestReconcile = 0.0005;
    private const int ReconcileBuckets = 16;
    private const double ShortestConvergence = 0.001;
    private const int ConvergenceBuckets = 17;

    private readonly Histogram reconcile;
    private readonly Counter reconcileFailures;
    private readonly Counter statusWrites;
    private readonly Counter statusRestores;
    private readonly Counter statusWriteErrors;
    private readonly Histogram statusReport;
    private readonly Gauge leader;
    private readonly Histogram debounce;
    private readonly Gauge published;
    private readonly Gauge queue;
    private readonly Convergence convergence;

    public MeshMetrics(AckLedger ledger, TimeProvider? time = null)
    {
        var factory = Metrics.WithCustomRegistry(Registry);
        reconcile = factory.CreateHistogram(
            "mesh_reconcile_duration_seconds",
            "Time from a settled change to a published snapshot",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(ShortestReconcile, factor: 2, ReconcileBuckets) });
        reconcileFailures = factory.CreateCounter("mesh_reconcile_failures_total", "Revisions that could not be turned into a snapshot");
        statusWrites = factory.CreateCounter("mesh_status_writes_total", "Statuses of objects that were written");
        statusRestores = factory.CreateCounter("mesh_status_restores_total", "Statuses among them that somebody else had written over");
        statusWriteErrors = factory.CreateCounter(
            "mesh_status_write_errors_total", "Requests to the API server about statuses and events that failed, by what it said", "reason");
        statusReport = factory.CreateHistogram(
            "mesh_status_report_duration_seconds",
            "Time that it took to judge every object by what the proxies have accepted",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(ShortestReconcile, factor: 2, ReconcileBuckets) });
        foreach (var reason in Enum.GetNames<ApiFailureKind>())
        {
            // What has not happened yet is 0, not absent: a rate needs the value before the first one.
            statusWriteErrors.WithLabels(reason);
        }

        leader = factory.CreateGauge("mesh_leader", "1 while this replica writes statuses to the cluster, else 0");
        debounce = factory.CreateHistogram(
            "mesh_debounce_duration_seconds",
            "Time that a burst of changes was given to settle",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(ShortestReconcile, factor: 2, ReconcileBuckets) });
        published = factory.CreateGauge("mesh_published_revision", "Revision of the newest snapshot; counts from 0 at each start");
        queue = factory.CreateGauge("mesh_queue_depth", "Objects that changed and were not taken into a model yet");
        convergence = new Convergence(time ?? TimeProvider.System, AddConvergence(factory));
        ledger.Observer = convergence.Observe;
        AddStreams(factory, ledger);
        DotNetStats.Register(Registry);
    }

    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    public void Reconciled(TimeSpan took) => reconcile.Observe(took.TotalSeconds);

    public void ReconcileFailed() => reconcileFailures.Inc();

    public void Settled(TimeSpan took) => debounce.Observe(took.TotalSeconds);

    /// <summary>Called before the revision is published.</summary>
    public void Publishes(Revision revision, long noticed)
    {
        published.Set(revision.Value);
        convergence.Publishes(revision, noticed);
    }

    /// <summary>The queue is asked when somebody reads the metrics.</summary>
    public void ReadQueueBy(Func<int> depth) => Registry.AddBeforeCollectCallback(() => queue.Set(depth()));

    public void StatusesWritten(int count) => statusWrites.Inc(count);

    public void StatusRestored() => statusRestores.Inc();

    public void StatusReported(TimeSpan took) => statusReport.Observe(took.TotalSeconds);

    public void StatusWriteFailed(ApiFailureKind reason) => statusWriteErrors.WithLabels(reason.ToString()).Inc();

    public void Leads(bool isLeader) => leader.Set(isLeader ? 1 : 0);

    private static Action<TimeSpan> AddConvergence(MetricFactory factory)
    {
        var histogram = factory.CreateHistogram(
            "mesh_convergence_duration_seconds",
            "Time from a change that the operator noticed to a proxy's acceptance of all that it was sent for it",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(ShortestConvergence, factor: 2, ConvergenceBuckets) });
        return took => histogram.Observe(took.TotalSeconds);
    }

    /// <summary>The ledger counts already; its numbers are read when somebody asks.</summary>
    private void AddStreams(MetricFactory factory, AckLedger ledger)
    {
        var responses = factory.CreateCounter("mesh_xds_responses_sent_total", "Discovery responses sent to proxies");
        var resources = factory.CreateCounter("mesh_xds_resources_sent_total", "Resources in them, each time one was sent");
        var heartbeats = factory.CreateCounter("mesh_xds_heartbeats_sent_total", "Resources with a TTL that proxies were told to be still there");
        var removals = factory.CreateCounter("mesh_xds_removals_sent_total", "Names of resources that proxies were told to be gone or not there");
        var nacks = factory.CreateCounter("mesh_xds_nacks_total", "Responses that a proxy refused, wholly or in part");
        var connected = factory.CreateGauge("mesh_connected_proxies", "Proxies with a stream");
        var pending = factory.CreateGauge("mesh_pending_resources", "Resources sent to connected proxies and not answered yet");
        var rejected = factory.CreateGauge("mesh_rejected_resources", "Resources whose newest version a connected proxy has refused");
        Registry.AddBeforeCollectCallback(() =>
        {
            var counters = ledger.Counters;
            responses.IncTo(counters.ResponsesSent);
            resources.IncTo(counters.ResourcesSent);
            heartbeats.IncTo(counters.HeartbeatsSent);
            removals.IncTo(counters.RemovalsSent);
            nacks.IncTo(counters.Nacks);
            var proxies = ledger.Proxies;
            connected.Set(proxies.Length);
            pending.Set(proxies.Sum(static proxy => proxy.Pending.Count));
            rejected.Set(proxies.Sum(static proxy => proxy.Rejected.Count));
        });
    }
}
