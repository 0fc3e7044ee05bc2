// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Proxyless;

internal sealed class GrpcGoTests
{
    [Test]
    public async Task Explore()
    {
        GrpcGo.Require();
        await using var mesh = await ProxylessMesh.StartAsync();
        await using var a = await CountingServer.StartAsync("A");
        var port = Meshes.Port("cart");
        mesh.With(port, a.Endpoint).Publish();
        await using var calls = GrpcGo.Call(mesh, "cart.shop:80", "-n", "20");
        var result = await calls.EndAsync().WithTimeout();
        TestContext.Out.WriteLine(calls.Output + calls.Log[..Math.Min(calls.Log.Length, 6000)]);
        Assert.That(result.Servers["A"], Is.EqualTo(20));
    }
}
