// SPDX-License-Identifier: Apache-2.0
using Mesh.Echo;
using Mesh.Testing;
using Mesh.Xds.Naming;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>A change of policy is no event for those whose requests it governs.</summary>
public sealed class PolicyChangeUnderLoadTests
{
    private const int Rate = 200;
    private const int Changes = 25;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Policy_changed_while_requests_run_fails_none_of_them()
    {
        var envoy = PinnedEnvoy.RequireBinary();
        var scene = new LoadScene(213);
        await using var echo = await EchoServer.StartAsync(scene.Pods, CancellationToken.None).WithTimeout();
        await using var mesh = await RunningMesh.StartAsync(envoy, scene.Files);
        await using var load = await Load.StartAsync(scene.Client, scene.Url, Rate);
        await load.PassedAsync(Rate).WithTimeout(Limit);
        var routes = RouteConfigurationName.Of(LoadScene.Target).Key;

        for (var version = 1; version <= Changes; version++)
        {
            var before = mesh.Ledger.Proxies[0].Accepted[routes].Version;
            await mesh.WriteAsync(LoadScene.PolicyFile, LoadScene.Policy(version));
            await mesh.Ledger.WaitForAsync(
                proxies => proxies.Any(proxy => proxy.Accepted.TryGetValue(routes, out var now) && now.Version != before), Limit);
            await load.PassedAsync(Rate / 10).WithTimeout(Limit);
        }

        var result = await load.StopAsync().WithTimeout(Limit);
        Assert.Multiple(() =>
        {
            Assert.That(result.Failures, Is.Empty);
            Assert.That(result.Latencies, Has.Length.GreaterThan(Changes * Rate / 10));
        });
    }
}
