// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Runtime.V3;
using Google.Protobuf.WellKnownTypes;
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation;

namespace Mesh.EndToEnd.Tests.Ads;

/// <summary>A runtime layer with a TTL at the real Envoy: it lives as long as the server does, and not much longer.</summary>
[NonParallelizable]
internal sealed class TtlTests
{
    private const string Key = "mesh.test.override";

    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(4);

    [TestCase(AdsEnvoy.Delta)]
    [TestCase(AdsEnvoy.StateOfTheWorld)]
    public async Task Layer_lives_on_while_the_server_does_and_ends_with_it(string api)
    {
        PinnedEnvoy.RequireBinary();
        var mesh = new HandMadeSnapshots();
        mesh.Publish(Layer("on", Ttl));
        await using var server = await XdsServer.StartAsync(mesh.Store);
        await using var envoy = await AdsEnvoy.StartAsync(Bootstrap(server.Address, api));
        await envoy.AdminAsync("/runtime", static text => Holds(text, "on"));

        await LiveOnAsync(envoy, 2 * Ttl);

        Assert.That(server.Ledger.Counters.HeartbeatsSent, api == AdsEnvoy.Delta ? Is.GreaterThanOrEqualTo(3) : Is.Zero);
        Assert.That(server.Ledger.Counters.Nacks, Is.Zero);
        await server.StopAsync();
        await envoy.AdminAsync("/runtime", static text => !Holds(text, "on"));
    }

    [TestCase(AdsEnvoy.Delta)]
    [TestCase(AdsEnvoy.StateOfTheWorld)]
    public async Task Layer_whose_ttl_is_dropped_outlives_the_server(string api)
    {
        PinnedEnvoy.RequireBinary();
        var mesh = new HandMadeSnapshots();
        mesh.Publish(Layer("on", Ttl));
        await using var server = await XdsServer.StartAsync(mesh.Store);
        await using var envoy = await AdsEnvoy.StartAsync(Bootstrap(server.Address, api));
        await envoy.AdminAsync("/runtime", static text => Holds(text, "on"));

        var forEver = Layer("on", ttl: null);
        mesh.Publish(forEver);
        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(forEver.Key, forEver.Version));
        await server.StopAsync();

        await LiveOnAsync(envoy, 1.5 * Ttl);
    }

    // Envoy says nothing while nothing happens: it is asked all the time, and each answer has to be right.
    private static Task<string> LiveOnAsync(AdsEnvoy envoy, TimeSpan time)
    {
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        return envoy.AdminAsync("/runtime", text =>
        {
            Assert.That(Holds(text, "on"), Is.True, text);
            return clock.GetElapsedTime(started) > time;
        });
    }

    private static bool Holds(string runtime, string value) =>
        runtime.Contains($"\"{Key}\"", StringComparison.Ordinal) && runtime.Contains($"\"final_value\": \"{value}\"", StringComparison.Ordinal);

    private static EncodedResource Layer(string value, TimeSpan? ttl) => ResourceEncoder.Encode(new XdsResource
    {
        Key = new ResourceKey(ResourceType.Runtime, "override"),
        Message = new Runtime { Name = "override", Layer = new Struct { Fields = { [Key] = Value.ForString(value) } } },
        Origins = Origins.Of(new ResourceRef("Raw", "test", "override", 1)),
        OnDemand = false,
        References = [],
        Ttl = ttl,
    });

    private static string Bootstrap(Uri server, string api) => AdsEnvoy.Bootstrap(
        server,
        api,
        dynamicResources: "",
        node: ", client_features: [xds.config.supports-resource-ttl, xds.config.resource-in-sotw]",
        more: "layered_runtime: {layers: [{name: override, rtds_layer: {name: override, rtds_config: {resource_api_version: V3, ads: {} } } }]}");
}
