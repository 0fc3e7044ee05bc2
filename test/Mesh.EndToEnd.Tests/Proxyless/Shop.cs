// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>One service <c>cart</c> whose calls are shared out to <c>cart-v1</c> and <c>cart-v2</c>, with a server behind each.</summary>
internal sealed class Shop : IAsyncDisposable
{
    public const string Target = "cart.shop:80";

    public static readonly ServicePortName Cart = Meshes.Port("cart");
    public static readonly ServicePortName First = Meshes.Port("cart-v1");
    public static readonly ServicePortName Second = Meshes.Port("cart-v2");
    public static readonly ResourceKey Routes = new(ResourceType.Route, "r/shop/cart:80");

    private Shop(ProxylessMesh mesh, CountingServer a, CountingServer b) => (Mesh, A, B) = (mesh, a, b);

    public ProxylessMesh Mesh { get; }

    public CountingServer A { get; }

    public CountingServer B { get; }

    /// <param name="rules">The routes of the cart; without any, its calls go to both servers alike.</param>
    public static Task<Shop> OpenAsync(params IEnumerable<RouteRule> rules) => OpenAsync(change: null, rules);

    /// <param name="change">Makes another snapshot of each one that is served.</param>
    /// <param name="rules">As above.</param>
    public static async Task<Shop> OpenAsync(Func<NodeSnapshot, NodeSnapshot>? change, params IEnumerable<RouteRule> rules)
    {
        var shop = new Shop(await ProxylessMesh.StartAsync(change: change), await CountingServer.StartAsync("A"), await CountingServer.StartAsync("B"));
        shop.Mesh.With(Cart, shop.A.Endpoint, shop.B.Endpoint).With(First, shop.A.Endpoint).With(Second, shop.B.Endpoint);
        if (rules.Any())
        {
            shop.Route(rules);
        }

        shop.Mesh.Publish();
        return shop;
    }

    /// <summary>Everything to the first and the second version by weight.</summary>
    public static RouteRule Split(uint first, uint second) =>
        Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Meshes.Backend(First, first), Meshes.Backend(Second, second)));

    public void Route(params IEnumerable<RouteRule> rules) =>
        Mesh.With(Meshes.ServicePort(Cart, PortProtocol.Http2) with { Routes = Meshes.Routes(rules) });

    /// <summary>Publishes other routes and waits until the client has taken them.</summary>
    public async Task RerouteAsync(params IEnumerable<RouteRule> rules)
    {
        Route(rules);
        await PublishedAsync(Routes);
    }

    /// <summary>Publishes and waits until every client has the newest version of the resource.</summary>
    public async Task PublishedAsync(ResourceKey key)
    {
        var version = Mesh.Publish(key);
        await Mesh.Server.Ledger.WaitForAsync(proxies => !proxies.IsEmpty && proxies.All(proxy => proxy.Accepted.GetValueOrDefault(key)?.Version == version));
    }

    public async ValueTask DisposeAsync()
    {
        await Mesh.DisposeAsync();
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
