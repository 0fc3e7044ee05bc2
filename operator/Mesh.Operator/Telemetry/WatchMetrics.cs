// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;
using Prometheus;

namespace Mesh.Operator.Telemetry;

/// <summary>Shows what the reflectors count, read when somebody asks. The label is the kind, of which there are a dozen.</summary>
internal sealed class WatchMetrics(MeshMetrics metrics, KubernetesSource source) : IHostedService
{
    private const string Kind = "kind";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var factory = Metrics.WithCustomRegistry(metrics.Registry);
        var objects = factory.CreateGauge("mesh_watch_objects", "Objects of a kind that are held", [Kind]);
        var lists = factory.CreateCounter("mesh_watch_lists_total", "Full lists of a kind that were read", [Kind]);
        var watches = factory.CreateCounter("mesh_watch_requests_total", "Watches of a kind that were opened", [Kind]);
        var failures = factory.CreateCounter("mesh_watch_failures_total", "Lists and watches of a kind that were refused or broke", [Kind]);
        var events = factory.CreateCounter("mesh_watch_events_total", "Events received of a kind, bookmarks among them", [Kind]);
        var silence = factory.CreateGauge("mesh_watch_last_event_age_seconds", "Time since the last event or list of a kind", [Kind]);
        metrics.Registry.AddBeforeCollectCallback(() =>
        {
            foreach (var counts in source.Counts)
            {
                objects.WithLabels(counts.Kind).Set(counts.Objects);
                lists.WithLabels(counts.Kind).IncTo(counts.Lists);
                watches.WithLabels(counts.Kind).IncTo(counts.Watches);
                failures.WithLabels(counts.Kind).IncTo(counts.Failures);
                events.WithLabels(counts.Kind).IncTo(counts.Events);
                if (counts.Silence is { } age)
                {
                    silence.WithLabels(counts.Kind).Set(age.TotalSeconds);
                }
            }
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
