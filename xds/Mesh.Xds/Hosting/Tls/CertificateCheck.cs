// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Xds.Hosting.Tls;

/// <summary>Unhealthy while the certificate of the TLS endpoint is not in force: every client would turn away.</summary>
internal sealed class CertificateCheck(ServerTls tls, TimeProvider time) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (from, until) = tls.InForce;
        var now = time.GetUtcNow();
        return Task.FromResult(
            now < from ? HealthCheckResult.Unhealthy(Text($"{tls.Paths.Certificate} is not in force before {from:u}; check it and the clock."))
            : now > until ? HealthCheckResult.Unhealthy(Text($"{tls.Paths.Certificate} expired at {until:u}; put a newer one in its place, it is read again by itself."))
            : HealthCheckResult.Healthy(Text($"{tls.Paths.Certificate} is in force until {until:u}.")));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
