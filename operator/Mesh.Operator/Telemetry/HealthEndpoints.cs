// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Operator.Telemetry;

/// <summary>
/// <c>/healthz</c> tells that the process is alive, and nothing else: a restart cures neither a missing API server nor an expired certificate.
/// <c>/readyz</c> tells whether it is of use, and names what is missing.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", () => "ok");
        endpoints.MapHealthChecks("/readyz", new HealthCheckOptions { ResponseWriter = WriteAsync });
    }

    /// <summary>A line for each check, in the manner of Kubernetes' own servers.</summary>
    internal static string Text(HealthReport report)
    {
        var text = new StringBuilder();
        foreach (var (name, entry) in report.Entries.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            var sign = entry.Status == HealthStatus.Unhealthy ? '-' : '+';
            text.Append('[').Append(sign).Append(']').Append(name).Append(": ").Append(entry.Description ?? entry.Exception?.Message).Append('\n');
        }

        return text.Append(report.Status == HealthStatus.Unhealthy ? "not ready\n" : "ready\n").ToString();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(Text(report), context.RequestAborted);
    }
}
