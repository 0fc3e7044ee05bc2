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

    [Test]
    public void Client_that_proves_to_be_of_another_namespace_says_nothing_whatever_it_answers()
    {
        var scene = Scene(static rule => rule)
            .WithProxy("n1", static proxy => StatusScene.Accepting(proxy, 2))
            .WithProxy("grpc/refusing", static proxy => Of("pay", StatusScene.Refusing(proxy, "all is lost", StatusScene.Reference(2))))
            .WithProxy("grpc/silent", static proxy => Of("pay", StatusScene.Accepting(proxy, 1)));

        Assert.That(scene.Condition(ConditionTypes.Programmed).Message, Is.EqualTo("In force on 1/1 proxies."));
        Assert.That(scene.Report().Proxies, Is.EqualTo(new ProxySummary(1, 1, 0)));
    }

    [Test]
    public void Client_of_the_same_namespace_is_heard()
    {
        var scene = Scene(static rule => rule)
            .WithProxy("grpc/c", static proxy => Of("shop", StatusScene.Refusing(proxy, "no", StatusScene.Reference(2))));

        Assert.That(scene.Condition(ConditionTypes.Programmed).Reason, Is.EqualTo("RejectedByProxy"));
    }

    [Test]
    public void Clients_of_another_namespace_alone_are_no_proxies()
    {
        var scene = Scene(static rule => rule).WithProxy("grpc/c", static proxy => Of("pay", StatusScene.Accepting(proxy, 2)));

        Assert.That(scene.Condition(ConditionTypes.Programmed).Reason, Is.EqualTo("NoProxies"));
    }

    private static ProxyState Of(string space, ProxyState proxy) => proxy with { IsProxyless = true, Namespace = space };

    private static ProxyState Proxyless(ProxyState proxy) => StatusScene.Accepting(proxy, 2) with { IsProxyless = true };

    private static StatusScene Scene(Func<RouteRule, RouteRule> change)
    {
        var name = Meshes.Port("cart", 8080);
        var rule = change(Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(name)) with { Origins = Policy });
        return new StatusScene().WithPort(Meshes.ServicePort(name) with { Routes = Meshes.Routes(rule) });
    }
}
