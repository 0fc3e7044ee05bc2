// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.EndToEnd.Tests.Ads;
using Mesh.Testing;
using Mesh.Xds;
using static Mesh.EndToEnd.Tests.Names.NamedEnvoy;
using static Mesh.EndToEnd.Tests.Names.NamedResources;

namespace Mesh.EndToEnd.Tests.Names;

/// <summary>Collections of resources with names of the form xdstp:// in a real Envoy.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CollectionTests
{
    // An Envoy waits 15 s at most for what nobody sends; here it waits for ever, so that a test shows what was sent.
    private const string OverAds =
        $$"""
        lds_resources_locator: {{Listeners}}*
          lds_config: {resource_api_version: V3, ads: {}, initial_fetch_timeout: 0s}
          cds_resources_locator: {{Clusters}}*
          cds_config: {resource_api_version: V3, ads: {}, initial_fetch_timeout: 0s}
        """;

    private const string OverServices =
        $$"""
        lds_resources_locator: {{Listeners}}*
          lds_config: {resource_api_version: V3, initial_fetch_timeout: 0s, api_config_source: {api_type: DELTA_GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: xds} }]} }
          cds_resources_locator: {{Clusters}}*
          cds_config: {resource_api_version: V3, initial_fetch_timeout: 0s, api_config_source: {api_type: DELTA_GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: xds} }]} }
        """;

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
        await server.DisposeAsync();
    }

    [TestCase(OverAds)]
    [TestCase(OverServices)]
    public async Task Envoy_listeners_of_a_collection_come_change_and_go(string locators)
    {
        mesh.Publish(
            AnsweringListener(Listeners + "a", "one"), AnsweringListener(Listeners + "deep/b", "never"), AnsweringListener("plain", "never"), StaticCluster(Clusters + "c"));
        envoy = await StartAsync(server.Address, locators);

        Assert.That(await envoy.CallAsync(Listeners + "a", "x"), Is.EqualTo((HttpStatusCode.OK, "one")));
        await envoy.AdminAsync("/clusters", static text => text.Contains(Clusters + "c::", StringComparison.Ordinal));
        Assert.That(await envoy.AdminAsync("/listeners"), Does.Not.Contain("plain::").And.Not.Contain("deep"));

        var changed = AnsweringListener(Listeners + "a", "two");
        mesh.Publish(changed, AnsweringListener(Listeners + "b", "three"), StaticCluster(Clusters + "d"));
        await envoy.AdminAsync("/listeners", static text => text.Contains(Listeners + "b::", StringComparison.Ordinal));
        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(changed.Key, changed.Version));
        Assert.That(await envoy.CallAsync(Listeners + "b", "x"), Is.EqualTo((HttpStatusCode.OK, "three")));
        await envoy.AdminAsync("/config_dump?resource=dynamic_listeners", static text => text.Contains("\"two\"", StringComparison.Ordinal));
        await envoy.AdminAsync("/clusters", static text => text.Contains(Clusters + "d::", StringComparison.Ordinal));

        mesh.Publish([changed.Key, new ResourceKey(ResourceType.Cluster, Clusters + "c")]);
        await envoy.AdminAsync("/listeners", static text => !text.Contains(Listeners + "a::", StringComparison.Ordinal));
        await envoy.AdminAsync("/clusters", static text => !text.Contains(Clusters + "c::", StringComparison.Ordinal));
        Assert.That(server.Ledger.Counters.Nacks, Is.Zero);
    }

    [TestCase(OverAds)]
    [TestCase(OverServices)]
    public async Task Envoy_with_empty_collections_is_live_at_once(string locators)
    {
        mesh.Publish(AnsweringListener("plain", "never"));
        envoy = await StartAsync(server.Address, locators);

        await envoy.AdminAsync("/server_info", static text => text.Contains("\"LIVE\"", StringComparison.Ordinal));

        mesh.Publish(AnsweringListener(Listeners + "late", "hello"));
        Assert.That(await envoy.CallAsync(Listeners + "late", "x"), Is.EqualTo((HttpStatusCode.OK, "hello")));
    }
}
