// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.EndToEnd.Tests.Ads;
using Mesh.Testing;
using Mesh.Xds;
using static Mesh.EndToEnd.Tests.Names.NamedEnvoy;
using static Mesh.EndToEnd.Tests.Names.NamedResources;

namespace Mesh.EndToEnd.Tests.Names;

/// <summary>Virtual hosts that a real Envoy fetches when they are first used (VHDS).</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class VirtualHostTests
{
    // Without a limit Envoy waits for ever for what nobody sends.
    private const string Locators = "lds_config: {resource_api_version: V3, ads: {}, initial_fetch_timeout: 0s}";

    private readonly HandMadeSnapshots mesh = new();
    private XdsServer server = null!; // Set by SetUp.
    private AdsEnvoy? envoy;

    [SetUp]
    public async Task SetUp()
    {
        PinnedEnvoy.RequireBinary();
        server = await XdsServer.StartAsync(mesh.Store);
    }

    [TearDown]
    public async Task TearDown()
    {
        await (envoy?.DisposeAsync() ?? default);
        foreach (var request in server.Requests.Where(static request => request.TypeUrl == ResourceType.VirtualHost.TypeUrl()))
        {
            await TestContext.Out.WriteLineAsync(request.ToString());
        }

        await server.DisposeAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Envoy_host_is_fetched_at_its_first_use_and_followed(bool overAds)
    {
        var shop = HostOf("r/shop", "one", "shop.test", "store.test");
        mesh.Publish(OnDemandListener("l", "r"), RoutesWithoutHosts("r", overAds ? OverAds() : OwnService()), shop);
        envoy = await StartAsync(server.Address, Locators);
        await envoy.AdminAsync("/listeners", static text => text.Contains("l::", StringComparison.Ordinal));
        Assert.That(server.Ledger.Proxies.SelectMany(static proxy => proxy.Accepted.Keys), Does.Not.Contain(shop.Key));

        Assert.That(await envoy.CallAsync("l", "store.test"), Is.EqualTo((HttpStatusCode.OK, "one")));
        Assert.That(await envoy.CallAsync("l", "shop.test"), Is.EqualTo((HttpStatusCode.OK, "one")));

        var changed = HostOf("r/shop", "two", "shop.test", "store.test");
        mesh.Publish(changed);
        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(changed.Key, changed.Version));
        await envoy.AdminAsync("/config_dump", static text => text.Contains("\"two\"", StringComparison.Ordinal));
        Assert.That(await envoy.CallAsync("l", "store.test"), Is.EqualTo((HttpStatusCode.OK, "two")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Envoy_unknown_host_is_404_at_once_until_it_comes_into_being(bool overAds)
    {
        mesh.Publish(OnDemandListener("l", "r"), RoutesWithoutHosts("r", overAds ? OverAds() : OwnService()), HostOf("r/shop", "one", "shop.test"));
        envoy = await StartAsync(server.Address, Locators);

        var (status, _) = await envoy.CallAsync("l", "late.test");
        Assert.That(status, Is.EqualTo(HttpStatusCode.NotFound));

        var late = HostOf("r/late", "late", "late.test");
        mesh.Publish(late);
        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(late.Key, late.Version));
        await envoy.AdminAsync("/config_dump", static text => text.Contains("\"late\"", StringComparison.Ordinal));
        Assert.That(await envoy.CallAsync("l", "late.test"), Is.EqualTo((HttpStatusCode.OK, "late")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Envoy_removed_host_is_404(bool overAds)
    {
        var shop = HostOf("r/shop", "one", "shop.test");
        mesh.Publish(OnDemandListener("l", "r"), RoutesWithoutHosts("r", overAds ? OverAds() : OwnService()), shop);
        envoy = await StartAsync(server.Address, Locators);
        Assert.That(await envoy.CallAsync("l", "shop.test"), Is.EqualTo((HttpStatusCode.OK, "one")));

        mesh.Publish([shop.Key]);
        await server.Ledger.WaitForAsync(proxies => proxies.All(proxy => !proxy.Accepted.ContainsKey(shop.Key)) && server.Ledger.Counters.RemovalsSent > 0);
        await envoy.AdminAsync("/config_dump", static text => !text.Contains("\"one\"", StringComparison.Ordinal));

        var (status, _) = await envoy.CallAsync("l", "shop.test");
        Assert.That(status, Is.EqualTo(HttpStatusCode.NotFound));
    }
}
