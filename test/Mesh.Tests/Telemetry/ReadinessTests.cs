// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;
using Mesh.Testing;
using Mesh.Xds.Hosting.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Telemetry;

internal sealed class ReadinessTests
{
    [Test]
    public async Task Operator_is_alive_at_once_and_ready_when_it_has_read_all()
    {
        var source = new HeldSource();
        await using var server = await OperatorHttp.StartAsync(services => services.AddSingleton<IResourceSource>(source));

        Assert.That(await server.GetAsync("/healthz"), Is.EqualTo((HttpStatusCode.OK, "ok")));
        var (status, text) = await server.GetAsync("/readyz");
        Assert.That(status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(text, Does.Contain("[-]source: Not all objects have been read yet").And.Contain("[-]snapshots: Nothing was published yet.").And.EndWith("not ready\n"));

        source.Finish();
        await server.Services.GetRequiredService<ReconcileLoop>().State.WaitForAsync(static state => state.Snapshot is not null, CancellationToken.None).WithTimeout();

        Assert.That(
            await server.GetAsync("/readyz"),
            Is.EqualTo((HttpStatusCode.OK, "[+]snapshots: Revision @0 is served.\n[+]source: All objects have been read.\nready\n")));
    }

    [TestCase(-800, HealthStatus.Unhealthy, "is not in force before")]
    [TestCase(0, HealthStatus.Healthy, "is in force until")]
    [TestCase(800, HealthStatus.Unhealthy, "put a newer one in its place")]
    public async Task Certificate_is_usable_while_it_is_in_force(int daysFromNow, HealthStatus expected, string words)
    {
        var folder = Directory.CreateTempSubdirectory("mesh-certificate-");
        using var authority = new TestAuthority("root");
        using var certificate = authority.Issue("server");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var tls = ServerTls.Load(authority.Write(folder.FullName, certificate), time, NullLogger<ServerTls>.Instance);
        time.AdjustTime(time.GetUtcNow().AddDays(daysFromNow));

        var result = await new CertificateCheck(tls, time).CheckHealthAsync(new HealthCheckContext()).WithTimeout();
        folder.Delete(recursive: true);

        Assert.That(result.Status, Is.EqualTo(expected));
        Assert.That(result.Description, Does.Contain("tls.crt").And.Contain(words));
    }

    private sealed class HeldSource : IResourceSource
    {
        private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Synced => synced.Task;

        public void Finish() => synced.SetResult();

        public Task RunAsync(ResourceStore store, CancellationToken ct) => Task.CompletedTask;
    }
}
