// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Operator.Telemetry;

/// <summary>Unhealthy until everything was read once.</summary>
internal sealed class SourceCheck(IResourceSource source) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        source.Synced.IsCompletedSuccessfully
            ? HealthCheckResult.Healthy("All objects have been read.")
            : HealthCheckResult.Unhealthy($"Not all objects have been read yet; {source.Unread ?? "the log tells of what cannot be."}"));
}
