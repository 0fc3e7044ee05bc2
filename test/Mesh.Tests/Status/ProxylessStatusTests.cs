// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Operator.Status;
using Mesh.Testing;
using Mesh.Xds.Acks;

namespace Mesh.Tests.Status;

internal sealed class ProxylessStatusTests
{
    private static readonly Origins Policy = Origins.Of(StatusScene.Reference(2));

    [Test]
    public void Rule_that_grpc_cannot_carry_out_is_not_in_force_at_its_clients()
    {
        var scene = Scene(rule => rule with { Mirrors = [new Mirror(Meshes.Port("copies"), 1)] })
            .WithProxy("n1", proxy => StatusScene.Accepting(proxy, 2))
            .WithProxy("grpc/c", Proxyless);

        Assert.That(scene.Condition(ConditionTypes.Programmed), Is.EqualTo(new ConditionState(
            "Programmed",
            ConditionStatus.False,
            "Unenforceable",
            "In force on 1/2 proxies. grpc/c: gRPC without a proxy cannot do mirrors, so the calls that it is for fail (Route r/shop/cart:8080).")));
    }

    [Test]
    public void Setting_that_grpc_leaves_out_is_told_and_the_rest_is_in_force()
    {
        var scene = Scene(rule => rule with
        {
            Settings = rule.Settings with { Timeouts = rule.Settings.Timeouts with { StreamIdle = TimeSpan.FromSeconds(5) } },
        }).WithProxy("n1", proxy => StatusScene.Accepting(proxy, 2)).WithProxy("grpc/c", Proxyless);

        Assert.That(scene.Condition(ConditionTypes.Programmed), Is.EqualTo(new ConditionState(
            "Programmed",
            ConditionStatus.True,
            "PartiallyProgrammed",
            "In force on 2/2 proxies. But: grpc/c does without an idle time-out of streams, as gRPC without a proxy must.")));
    }

    [Test]
    public void Client_that_does_not_use_the_service_says_nothing()
    {
        var scene = Scene(rule => rule with { Mirrors = [new Mirror(Meshes.Port("copies"), 1)] })
            .WithProxy("grpc/c", proxy => proxy with { IsProxyless = true });

        Assert.That(scene.Condition(ConditionTypes.Programmed).Status, Is.EqualTo(ConditionStatus.True));
    }

    private static ProxyState Proxyless(ProxyState proxy) => StatusScene.Accepting(proxy, 2) with { IsProxyless = true };

    private static StatusScene Scene(Func<RouteRule, RouteRule> change)
    {
        var name = Meshes.Port("cart", 8080);
        var rule = change(Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(name)) with { Origins = Policy });
        return new StatusScene().WithPort(Meshes.ServicePort(name) with { Routes = Meshes.Routes(rule) });
    }
}
