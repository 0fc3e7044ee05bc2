// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Kinds;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Operator.Telemetry;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Statuses into the cluster. A report is only noted here, on every replica: the leader's <see cref="StatusWriteLoop"/> brings it to the API
/// server, so whatever that does, reports go on and nothing of the mesh waits. What is wrong with an object of Kubernetes' own, whose status is
/// not ours to write, is logged.
/// </summary>
internal sealed class KubernetesStatusWriter(StatusQueue queue, ILogger<KubernetesStatusWriter> log) : IStatusWriter
{
    private const int LoggedAtOnce = 20;

    public bool IsDeferred => true;

    public Task WriteAsync(IReadOnlyCollection<StatusDocument> changed, IReadOnlyCollection<ObjectKey> gone, CancellationToken cancellationToken)
    {
        queue.Report(changed, gone);
        Tell([.. changed.Where(static document => KindCatalog.All.Any(kind => kind.Origin == KindOrigin.Core && kind.Kind == document.Status.Key.Kind))]);
        return Task.CompletedTask;
    }

    private void Tell(List<StatusDocument> foreign)
    {
        foreach (var document in foreign.Take(LoggedAtOnce))
        {
            var problem = document.AllConditions.FirstOrDefault(static condition => condition.Status == ConditionStatus.False);
            log.ForeignObjectUnusable(document.Status.Key.ToString(), problem?.Message ?? string.Empty);
        }

        if (foreign.Count > LoggedAtOnce)
        {
            log.MoreForeignObjectsUnusable(foreign.Count - LoggedAtOnce);
        }
    }
}
