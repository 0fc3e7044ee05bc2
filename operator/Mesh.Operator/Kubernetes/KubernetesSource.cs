// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.Kinds;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Kubernetes mode's source: a reflector for each kind of the catalog, one for the CRDs that bring the optional ones, and one for each kind that
/// the operator itself writes, of which only its writer is told.
/// </summary>
internal sealed class KubernetesSource(k8s.Kubernetes client, StatusSight sight, TimeProvider time, ILogger<KubernetesSource> log) : IResourceSource
{
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlyList<Reflector> reflectors = [];

    /// <summary>Completes when every kind has been listed in full or is known not to be there: before, nothing of the mesh is published.</summary>
    public Task Synced => synced.Task;

    /// <summary>Of each kind, once it runs.</summary>
    public IReadOnlyList<WatchCounts> Counts => [.. reflectors.Select(reflector => reflector.Counts)];

    public string? Unread => Synced.IsCompleted ? null : string.Join("; ", reflectors
        .Where(static reflector => !reflector.Synced.IsCompleted)
        .GroupBy(static reflector => reflector.Trouble ?? "being read", static reflector => reflector.Kind, StringComparer.Ordinal)
        .Select(static group => $"{string.Join(", ", group)}: {group.Key}"));

    /// <summary>It never gives up: what the outside world does is the reflectors' to bear.</summary>
    public async Task RunAsync(ResourceStore store, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(store);
        var start = time.GetTimestamp();
        var definitions = new Newest<WatchDefinitions>(WatchDefinitions.Pending);
        var services = new ReflectorServices(new WatchClient(client, time), definitions, time, log);
        var kinds = KindCatalog.All
            .Select(entry => new Reflector(
                ReflectedKind.Of(entry), sight.Beside(new ReflectorStoreSink(store, tellsProblems: entry.Origin != KindOrigin.Core, log), entry), services))
            .ToImmutableArray();
        var all = kinds
            .Add(new Reflector(ReflectedKind.Definitions, new ReflectorDefinitionSink(definitions), services))
            .AddRange(StatusKind.All
                .Where(static kind => kind.Shape == StatusShape.Node)
                .Select(kind => new Reflector(ReflectedKind.OfWritten(kind.Entry), sight.Of(kind), services)));
        reflectors = all;
        var runs = Task.WhenAll(all.Select(reflector => Task.Run(() => reflector.RunAsync(ct), CancellationToken.None)));
        await Task.WhenAny(Task.WhenAll(kinds.Select(kind => kind.Synced)), runs);
        if (!ct.IsCancellationRequested && synced.TrySetResult())
        {
            var objects = kinds.Sum(kind => kind.Counts.Objects);
            log.ClusterRead(client.BaseUri.ToString(), objects, kinds.Length, time.GetElapsedTime(start).TotalMilliseconds);
        }

        await runs;
    }
}
