// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Snapshots;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Xds.Hosting;

/// <summary>Healthy as soon as there is something to serve: a proxy that came before that would wait.</summary>
internal sealed class SnapshotCheck(SnapshotStore snapshots) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        snapshots.Current is { } mesh
            ? HealthCheckResult.Healthy($"Revision {mesh.Revision} is served.")
            : HealthCheckResult.Unhealthy("Nothing was published yet."));
}
