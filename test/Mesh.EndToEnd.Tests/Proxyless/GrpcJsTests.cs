// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Testing;
using Mesh.Xds;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>The xDS client of grpc-js calls services of ours without any proxy; one and the same client sees all changes of a test.</summary>
internal sealed class GrpcJsTests
{
    private const int Calls = 1000;

    private string folder = "";

    [OneTimeSetUp]
    public async Task OneTimeSetUp() => folder = await GrpcJs.RequireAsync();

    [Test]
    public async Task Calls_are_shared_out_by_weight_and_changed_weights_reach_the_running_client()
    {
        await using var shop = await Shop.OpenAsync(Shop.Split(80, 20));
        await using var client = GrpcJs.Start(folder, shop.Mesh, Shop.Target);

        var before = await client.CallAsync(Calls).WithTimeout();
        await shop.RerouteAsync(Shop.Split(20, 80));
        var after = await client.CallAsync(Calls).WithTimeout();

        Assert.That(before.Answered, Is.EqualTo(Calls), before.Words);
        Assert.That(before["A"], Bounds.Share(0.8, Calls));
        Assert.That(after.Answered, Is.EqualTo(Calls), after.Words);
        Assert.That(after["A"], Bounds.Share(0.2, Calls));
    }

    [Test]
    public async Task Backend_that_is_new_gets_its_share()
    {
        await using var shop = await Shop.OpenAsync(Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Shop.First)));
        await using var client = GrpcJs.Start(folder, shop.Mesh, Shop.Target);
        var before = await client.CallAsync(10).WithTimeout();

        await shop.RerouteAsync(Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Shop.Second)));
        await shop.B.AnsweredAsync(1).DuringAsync(() => client.CallAsync(1)).WithTimeout();

        Assert.That(before["A"], Is.EqualTo(10), before.Words);
        Assert.That((await client.CallAsync(10).WithTimeout())["B"], Is.EqualTo(10));
    }

    [Test]
    public async Task Server_that_dies_is_left_out_and_calls_go_on()
    {
        await using var shop = await Shop.OpenAsync();
        await using var client = GrpcJs.Start(folder, shop.Mesh, Shop.Target);
        await shop.A.AnsweredAsync(1).DuringAsync(() => client.CallAsync(10)).WithTimeout();

        shop.A.Kill();

        var after = await client.CallAsync(200).WithTimeout();
        Assert.That(after.Failed, Is.LessThanOrEqualTo(GrpcJs.CallsAtATime), "only those that were on their way\n" + after.Words);
        Assert.That(after["B"], Is.EqualTo(200 - after.Failed));
    }

    [Test]
    public async Task Draining_endpoint_takes_over_when_the_ready_ones_are_gone()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Mesh.With(Shop.Cart, shop.A.Endpoint, shop.B.Endpoint with { Health = EndpointHealth.Draining }).Publish();
        await using var client = GrpcJs.Start(folder, shop.Mesh, Shop.Target);
        var before = await client.CallAsync(50).WithTimeout();

        shop.A.Kill();
        await shop.B.AnsweredAsync(1).DuringAsync(() => client.CallAsync(1)).WithTimeout();

        var after = await client.CallAsync(50).WithTimeout();
        Assert.That(before["A"], Is.EqualTo(50), before.Words);
        Assert.That(after["B"], Is.EqualTo(50), after.Words);
    }

    [Test]
    public async Task Endpoint_that_leaves_costs_no_call()
    {
        await using var shop = await Shop.OpenAsync();
        await using var client = GrpcJs.Start(folder, shop.Mesh, Shop.Target);
        await shop.A.AnsweredAsync(1).DuringAsync(() => client.CallAsync(10)).WithTimeout();

        shop.Mesh.With(Shop.Cart, shop.B.Endpoint);
        await shop.PublishedAsync(new ResourceKey(ResourceType.Endpoint, "s/shop/cart:80"));

        var after = await client.CallAsync(Calls).WithTimeout();
        Assert.That(after.Failed, Is.Zero, after.Words);
        Assert.That(after["B"], Is.GreaterThan(Calls - 20));
    }

    [Test]
    public async Task Share_of_a_broken_reference_fails_at_once_and_the_rest_goes_on()
    {
        await using var shop = await Shop.OpenAsync(Shop.Split(50, 50));
        await using var client = GrpcJs.Start(folder, shop.Mesh, Shop.Target);
        var before = await client.CallAsync(100).WithTimeout();

        await shop.RerouteAsync(Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Meshes.Backend(Shop.First, 50), Meshes.Backend(target: null, 50))));
        await shop.PublishedAsync(new ResourceKey(ResourceType.Endpoint, "no-backend"));

        var after = await client.CallAsync(Calls).WithTimeout();
        Assert.That(before.Failed, Is.Zero, before.Words);
        Assert.That(after.Failed, Bounds.Share(0.5, Calls), after.Words);
        Assert.That(after.Words, Does.Contain("UNAVAILABLE").And.Not.Contain("DEADLINE_EXCEEDED"));
        Assert.That(after["A"], Is.EqualTo(Calls - after.Failed));
    }

    [Test]
    public async Task Rule_that_grpc_cannot_carry_out_fails_and_no_other_rule_takes_its_calls()
    {
        var mirrored = Meshes.Rule(Meshes.Prefix("/grpc.health.v1.Health"), Meshes.Forward(Shop.First)) with { Mirrors = [new Mirror(Shop.Second, 1)] };
        await using var shop = await Shop.OpenAsync(mirrored, Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Shop.Second)));
        await using var client = GrpcJs.Start(folder, shop.Mesh, Shop.Target);

        var counts = await client.CallAsync(20).WithTimeout();

        Assert.That(counts.Failed, Is.EqualTo(20), counts.Words);
        Assert.That(counts.Words, Does.Contain("\"UNAVAILABLE\":20"));
        Assert.That(shop.A.Count + shop.B.Count, Is.Zero);
    }

    [Test]
    public async Task Header_chooses_the_rule()
    {
        var blue = Meshes.AnyRequest with { Headers = [new ValueMatch("x-tenant", ValueMatchKind.RegularExpression, "bl.e")] };
        await using var shop = await Shop.OpenAsync(
            Meshes.Rule(blue, Meshes.Forward(Shop.First)), Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Shop.Second)));
        await using var client = GrpcJs.Start(folder, shop.Mesh, Shop.Target);

        var toBlue = await client.CallAsync(10, metadata: new Dictionary<string, string>(StringComparer.Ordinal) { ["x-tenant"] = "blue" }).WithTimeout();
        var toOthers = await client.CallAsync(10).WithTimeout();

        Assert.That(toBlue["A"], Is.EqualTo(10), toBlue.Words);
        Assert.That(toOthers["B"], Is.EqualTo(10), toOthers.Words);
    }

    [Test]
    public async Task Faults_are_put_in()
    {
        var settings = Model.Settings.RouteSettings.Default with
        {
            Fault = new Model.Settings.Fault { Delay = null, Abort = new Model.Settings.FaultAbort(HttpStatus: null, GrpcStatus: 10, 1_000_000) },
        };
        await using var shop = await Shop.OpenAsync(Shop.Split(1, 1) with { Settings = settings });
        await using var client = GrpcJs.Start(folder, shop.Mesh, Shop.Target);

        var counts = await client.CallAsync(10).WithTimeout();

        Assert.That(counts.Words, Does.Contain("\"ABORTED\":10"));
        Assert.That(shop.A.Count + shop.B.Count, Is.Zero);
    }

    // This version of grpc-js never takes up again a listener that comes back as it was; a client that starts then does.
    [Test]
    public async Task Service_that_is_removed_fails_at_once_and_is_back_for_who_asks_then()
    {
        await using var shop = await Shop.OpenAsync();
        await using var client = GrpcJs.Start(folder, shop.Mesh, Shop.Target);
        var before = await client.CallAsync(10).WithTimeout();

        shop.Mesh.Without(Shop.Cart).Publish();
        await shop.Mesh.Server.Ledger.WaitForAsync(static proxies => proxies.All(static proxy =>
            proxy.Accepted.Keys.All(static key => key.Type != ResourceType.Listener) && proxy.Pending.IsEmpty));
        // What is gone from the ledger is on its way to the client.
        await Repetition.UntilAsync(async () => (await client.CallAsync(1)).Failed == 1).WithTimeout();
        var gone = await client.CallAsync(10).WithTimeout();
        shop.Mesh.With(Shop.Cart, shop.A.Endpoint).Publish();
        await using var second = GrpcJs.Start(folder, shop.Mesh, Shop.Target);
        var back = await second.CallAsync(10).WithTimeout();

        Assert.That(before.Answered, Is.EqualTo(10), before.Words);
        Assert.That(gone.Words, Does.Contain("\"UNAVAILABLE\":10"));
        Assert.That(back["A"], Is.EqualTo(10), back.Words);
    }
}
