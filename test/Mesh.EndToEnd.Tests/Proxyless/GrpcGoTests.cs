// SPDX-License-Identifier: Apache-2.0
using CliWrap;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Testing;
using Mesh.Xds;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>The xDS client of grpc-go, a state-of-the-world one, calls services of ours without any proxy.</summary>
internal sealed class GrpcGoTests
{
    private const int Calls = 1000;


    // With the pause between them these take several seconds, of which the change takes a small part.
    private const int Paced = 3000;
    private const string Endless = "1000000";

    // The client waits for a server that takes the call; where there is none, so long.
    private const string Hopeless = "300ms";

    [SetUp]
    public void SetUp() => GrpcGo.Require();

    [TestCase("cart.shop:80")]
    [TestCase("cart.shop.svc:80")]
    [TestCase("cart.shop.svc.cluster.local:80")]
    public async Task Service_is_found_by_its_names_and_both_endpoints_get_calls(string target)
    {
        await using var shop = await Shop.OpenAsync();

        await using var calls = GrpcGo.Call(shop.Mesh.BootstrapFile, target, "-n", Endless);

        await shop.A.AnsweredAsync(10).WithTimeout();
        await shop.B.AnsweredAsync(10).WithTimeout();
    }

    [Test]
    public async Task Calls_are_shared_out_by_weight()
    {
        await using var shop = await Shop.OpenAsync(Shop.Split(80, 20));

        var counts = await GrpcGo.CallAsync(shop.Mesh.BootstrapFile, Shop.Target, "-n", $"{Calls}");

        Assert.That(counts.Failed, Is.Zero, counts.Words);
        Assert.That(counts["A"], Bounds.Share(0.8, Calls));
        Assert.That(counts["B"], Is.EqualTo(Calls - counts["A"]));
    }

    [Test]
    public async Task Changed_weights_reach_the_running_client()
    {
        await using var shop = await Shop.OpenAsync(Shop.Split(80, 20));
        await using var calls = GrpcGo.Call(shop.Mesh.BootstrapFile, Shop.Target, "-n", Endless);
        await shop.A.AnsweredAsync(Calls * 8 / 10).WithTimeout();
        var before = (A: shop.A.Count, B: shop.B.Count);
        Assert.That(before.A, Bounds.Share(0.8, before.A + before.B));

        await shop.RerouteAsync(Shop.Split(20, 80));

        // It acknowledges a moment before its calls go by it.
        await shop.B.AnsweredAsync(shop.B.Count + 100).WithTimeout();
        var changed = (A: shop.A.Count, B: shop.B.Count);
        await shop.B.AnsweredAsync(changed.B + (Calls * 8 / 10)).WithTimeout();

        var (a, b) = (shop.A.Count - changed.A, shop.B.Count - changed.B);
        Assert.That(b, Bounds.Share(0.8, a + b));
    }

    [Test]
    public async Task Server_that_dies_is_left_out_and_calls_go_on()
    {
        await using var shop = await Shop.OpenAsync();
        await using var calls = GrpcGo.Call(shop.Mesh.BootstrapFile, Shop.Target, "-n", "5000", "-every", "1ms");
        await shop.A.AnsweredAsync(100).WithTimeout();

        shop.A.Kill();

        var counts = await calls.EndAsync().WithTimeout();
        Assert.That(counts.Failed, Is.LessThanOrEqualTo(1), "only the call that was on its way\n" + counts.Words);
        Assert.That(counts["B"], Is.GreaterThan(counts["A"]));
        Assert.That(counts.Answered, Is.GreaterThanOrEqualTo(4999));
    }

    [Test]
    public async Task Draining_endpoint_takes_over_when_the_ready_ones_are_gone()
    {
        await using var shop = await Shop.OpenAsync();
        await using var dying = await GrpcGoServer.StartAsync("dying");
        shop.Mesh.With(Shop.Cart, dying.Endpoint, shop.B.Endpoint with { Health = EndpointHealth.Draining }).Publish();
        var before = await GrpcGo.CallAsync(shop.Mesh.BootstrapFile, Shop.Target, "-n", "100");
        Assert.That(before["dying"], Is.EqualTo(100), before.Words);

        await dying.DisposeAsync();

        var after = await GrpcGo.CallAsync(shop.Mesh.BootstrapFile, Shop.Target, "-n", "100");
        Assert.That(after["B"], Is.EqualTo(100), after.Words);
    }

    [Test]
    public async Task Endpoint_that_leaves_costs_no_call()
    {
        await using var shop = await Shop.OpenAsync();
        await using var calls = GrpcGo.Call(shop.Mesh.BootstrapFile, Shop.Target, "-n", $"{Paced}", "-every", "2ms");
        await shop.A.AnsweredAsync(20).WithTimeout();

        shop.Mesh.With(Shop.Cart, shop.B.Endpoint);
        await shop.PublishedAsync(new ResourceKey(ResourceType.Endpoint, "s/shop/cart:80"));
        await shop.B.AnsweredAsync(shop.B.Count + 20).WithTimeout();
        var left = shop.A.Count;

        var counts = await calls.EndAsync().WithTimeout();
        Assert.That(counts.Failed, Is.Zero, counts.Words);
        Assert.That(counts["A"], Is.EqualTo(left));
        Assert.That(counts["B"], Is.EqualTo(Paced - left));
    }

    [Test]
    public async Task Share_of_a_broken_reference_fails_and_the_rest_goes_on()
    {
        var rule = Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Meshes.Backend(Shop.First, 50), Meshes.Backend(target: null, 50)));
        await using var shop = await Shop.OpenAsync(rule);

        var counts = await GrpcGo.CallAsync(shop.Mesh.BootstrapFile, Shop.Target, "-n", "60", "-timeout", Hopeless);

        Assert.That(counts.Failed, Bounds.Share(0.5, 60), counts.Words);
        Assert.That(counts["A"], Is.EqualTo(60 - counts.Failed));
    }

    [Test]
    public async Task Rule_that_grpc_cannot_carry_out_fails_and_no_other_rule_takes_its_calls()
    {
        var changes = HeaderChanges.None with { Set = [new HeaderValue("x-tenant", "blue")] };
        var rule = Meshes.Rule(Meshes.Prefix("/grpc.health.v1.Health"), Meshes.Forward(Shop.First)) with { RequestHeaders = changes };
        await using var shop = await Shop.OpenAsync(rule, Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Shop.Second)));

        var counts = await GrpcGo.CallAsync(shop.Mesh.BootstrapFile, Shop.Target, "-n", "5", "-timeout", Hopeless);

        Assert.That(counts.Failed, Is.EqualTo(5), counts.Words);
        Assert.That(shop.A.Count + shop.B.Count, Is.Zero);
    }

    [TestCase("blue", "A")]
    [TestCase("red", "B")]
    public async Task Header_chooses_the_rule(string value, string server)
    {
        var blue = Meshes.AnyRequest with { Headers = [new ValueMatch("x-tenant", ValueMatchKind.Exact, "blue")] };
        await using var shop = await Shop.OpenAsync(
            Meshes.Rule(blue, Meshes.Forward(Shop.First)), Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Shop.Second)));

        var counts = await GrpcGo.CallAsync(shop.Mesh.BootstrapFile, Shop.Target, "-n", "10", "-header", "x-tenant=" + value);

        Assert.That(counts[server], Is.EqualTo(10), counts.Words);
    }

    [Test]
    public async Task Consumer_routes_are_those_of_the_clients_namespace()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Mesh.With(Meshes.ServicePort(Shop.Cart) with
        {
            Routes = new RouteTable
            {
                Consumers = [new ConsumerRoutes("shop", [Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Shop.Second))])],
                Producer = [Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Shop.First))],
            },
        }).Publish();

        var counts = await GrpcGo.CallAsync(shop.Mesh.BootstrapFile, Shop.Target, "-n", "10");

        Assert.That(counts["B"], Is.EqualTo(10), counts.Words);
    }

    [Test]
    public async Task Client_is_in_the_ledger_with_what_it_holds_and_nothing_else()
    {
        await using var shop = await Shop.OpenAsync(Shop.Split(80, 20));
        await using var calls = GrpcGo.Call(shop.Mesh.BootstrapFile, Shop.Target, "-n", Endless);

        await shop.B.AnsweredAsync(1).WithTimeout();
        await shop.Mesh.Server.Ledger.WaitForAsync(static proxies => proxies.Any(static proxy => proxy.Accepted.Count >= 6));

        var proxy = shop.Mesh.Server.Ledger.Proxies.Single();
        Assert.That(proxy.Node.Value, Is.EqualTo("grpc/client-1"));
        Assert.That(proxy.IsProxyless, Is.True);
        Assert.That(proxy.Rejected, Is.Empty);
        Assert.That(proxy.Accepted.Keys.Select(static key => key.ToString()), Is.EquivalentTo(new[]
        {
            "Listener cart.shop:80", "Route r/shop/cart:80", "Cluster s/shop/cart-v1:80", "Cluster s/shop/cart-v2:80",
            "Endpoint s/shop/cart-v1:80", "Endpoint s/shop/cart-v2:80",
        }));
    }
}
