// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;
using Mesh.Operator.Status;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Statuses into the cluster. A report is only noted here, on every replica: the leader's <see cref="StatusWriteLoop"/> brings it to the API
/// server, so whatever that does, reports go on and nothing of the mesh waits.
/// </summary>
internal sealed class KubernetesStatusWriter(StatusQueue queue) : IStatusWriter
{
    public bool IsDeferred => true;

    public Task WriteAsync(IReadOnlyCollection<StatusDocument> changed, IReadOnlyCollection<ObjectKey> gone, CancellationToken cancellationToken)
    {
        queue.Report(changed, gone);
        return Task.CompletedTask;
    }
}
