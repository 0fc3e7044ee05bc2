// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Supervision;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Operator.Proxies;

/// <summary>Healthy while Envoy runs and has got its first configuration; a control plane that goes away later changes nothing.</summary>
internal sealed class EnvoyCheck(EnvoyLoop loop, HttpClient client) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var state = loop.State.Value;
        return state is EnvoyState.Running running
            ? await AskAsync(running, cancellationToken)
            : HealthCheckResult.Unhealthy($"{state.Text}.");
    }

    private async Task<HealthCheckResult> AskAsync(EnvoyState.Running running, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://{running.Admin}/ready"), cancellationToken);
            var text = (await answer.Content.ReadAsStringAsync(cancellationToken)).Trim();
            return answer.IsSuccessStatusCode
                ? HealthCheckResult.Healthy($"{running.Text}.")
                : HealthCheckResult.Unhealthy($"{running.Text}, and says {text}: it waits for its first configuration from the control plane.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy($"{running.Text}, but its admin interface does not answer: {e.Message}");
        }
    }
}
