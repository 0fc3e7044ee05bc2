// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Snapshots;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Mesh.Xds.Hosting;

/// <summary>Healthy as soon as there is something to serve, for a proxy that came before that would wait, until the process begins to stop.</summary>
internal sealed class SnapshotCheck(SnapshotStore snapshots, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("The control plane is stopping.")
            : snapshots.Current is { } mesh
                ? HealthCheckResult.Healthy($"Revision {mesh.Revision} is served.")
                : HealthCheckResult.Unhealthy("Nothing was published yet."));
}
