// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.Features;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Admission;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Admission;

/// <summary>What a write does to other objects, in words.</summary>
internal sealed class EffectsTests
{
    private static readonly Service Cart = Make.Service("shop/cart", "10.96.0.10", "80:http");
    private static readonly Service Pay = Make.Service("shop/pay", "10.96.0.11", "80:http");

    private static readonly TrafficPolicy OfNamespace = Make.Policy(
        "shop/space",
        new TrafficPolicySpec
        {
            TargetRefs = [Make.Target(PolicyTargetKind.Namespace, "shop")],
            Retries = new Retries(),
            Timeouts = new Timeouts { Request = "5s" },
        },
        day: 1);

    private static readonly HTTPRoute CartRoute = Dated(Make.HttpRoute("shop/cart-route", Make.Parent("cart", 80), Make.Rule(Make.PathMatch("/a"), Make.Backend("cart"))), 1);

    [Test]
    public void Object_that_touches_nobody_is_told_nothing()
    {
        var policy = Make.Policy("shop/new", OnCart(retries: new Retries()), day: 9);

        Assert.That(Reviews.Effects(policy, null, Cart, Pay), Is.Empty);
    }

    [Test]
    public void Missing_target_and_backend_are_warnings()
    {
        var spec = OnCart(retries: new Retries()) with { Rules = [Make.Rule(Make.PathMatch("/"), Make.Backend("nobody"))] };

        var warnings = Reviews.Effects(
            Make.Policy("shop/new", spec with { TargetRefs = [Make.Target(PolicyTargetKind.Service, "cart"), Make.Target(PolicyTargetKind.Service, "card")] }, day: 9), null, Cart);

        Assert.That(warnings, Is.EqualTo(new[]
        {
            "spec.targetRefs[1].name: Service shop/card does not exist",
            "spec.rules[0].backendRefs[0].name: Service shop/nobody does not exist",
        }));
    }

    [Test]
    public void Policy_on_a_service_overrides_features_of_the_namespace_policy_there()
    {
        var policy = Make.Policy("shop/new", OnCart(retries: new Retries()) with { Timeouts = new Timeouts { Request = "1s" } }, day: 9);

        Assert.That(Reviews.Effects(policy, null, Cart, Pay, OfNamespace), Is.EqualTo(new[]
        {
            "overrides timeouts and retries of TrafficPolicy shop/space for Service shop/cart",
        }));
    }

    [Test]
    public void Policy_on_a_route_overrides_features_for_that_route_alone()
    {
        var spec = new TrafficPolicySpec { TargetRefs = [Make.Target(PolicyTargetKind.HTTPRoute, "cart-route")], Retries = new Retries { Attempts = 1 } };

        Assert.That(Reviews.Effects(Make.Policy("shop/new", spec, day: 9), null, Cart, CartRoute, OfNamespace), Is.EqualTo(new[]
        {
            "overrides retries of TrafficPolicy shop/space for HTTPRoute shop/cart-route",
        }));
    }

    [Test]
    public void Defaults_of_the_mesh_are_overridden_without_a_word()
    {
        var mesh = new MeshConfiguration
        {
            Metadata = Make.Metadata("default"),
            Spec = new MeshSpec { Defaults = new MeshDefaults { Retries = new Retries() } },
        };

        Assert.That(Reviews.Effects(Make.Policy("shop/new", OnCart(retries: new Retries()), day: 9), null, Cart, mesh), Is.Empty);
    }

    [Test]
    public void Newer_policy_on_one_target_is_told_who_wins()
    {
        var older = Make.Policy("shop/older", OnCart(retries: new Retries()), day: 1);

        Assert.That(Reviews.Effects(Make.Policy("shop/new", OnCart(retries: new Retries()), day: 9), null, Cart, older), Is.EqualTo(new[]
        {
            "spec.targetRefs[0]: shop/older targets Service/cart as well and is older: of the policies on one target only the first is in force; put all features into it",
        }));
    }

    [Test]
    public void Older_policy_that_comes_to_a_target_overrides_the_one_there()
    {
        var there = Make.Policy("shop/there", OnCart(retries: new Retries()), day: 5);
        var stored = Make.Policy("shop/old", new TrafficPolicySpec { TargetRefs = [Make.Target(PolicyTargetKind.Service, "pay")], Timeouts = new Timeouts { Request = "1s" } }, day: 1);
        var proposed = Make.Policy("shop/old", OnCart(retries: null) with { Timeouts = new Timeouts { Request = "1s" } }, day: 1);

        Assert.That(Reviews.Effects(proposed, stored, Cart, Pay, there, stored), Is.EqualTo(new[]
        {
            "overrides retries of TrafficPolicy shop/there for Service shop/cart",
        }));
    }

    [Test]
    public void Write_that_changes_nothing_says_nothing_of_others()
    {
        var policy = Make.Policy("shop/new", OnCart(retries: new Retries()), day: 9);

        Assert.That(Reviews.Effects(policy, policy, Cart, OfNamespace, policy), Is.Empty);
    }

    [Test]
    public void Grpc_route_replaces_the_http_routes_of_a_service()
    {
        var route = Make.GrpcRoute("shop/calls", Make.Parent("cart", 80), new GRPCRouteRule { BackendRefs = [new GRPCBackendRef { Name = "cart", Port = 80 }] });

        Assert.That(Reviews.Effects(route, null, Cart, CartRoute), Is.EqualTo(new[] { "replaces the routes of HTTPRoute shop/cart-route for Service shop/cart" }));
    }

    [Test]
    public void First_route_of_a_consumer_replaces_the_producers_for_its_namespace()
    {
        var route = Make.HttpRoute("front/mine", Make.Parent("shop/cart", 80), Make.Rule(Make.PathMatch("/"), new HTTPBackendRef { Name = "cart", Namespace = "shop", Port = 80 }));

        Assert.That(Reviews.Effects(route, null, Cart, CartRoute), Is.EqualTo(new[]
        {
            "replaces the routes of HTTPRoute shop/cart-route for Service shop/cart and clients in namespace front",
        }));
    }

    [Test]
    public void Rules_of_an_older_policy_replace_equal_matches_of_a_route()
    {
        var stored = Make.Policy("shop/rules", OnCart(retries: new Retries()), day: 1);
        var proposed = Make.Policy("shop/rules", OnCart(retries: new Retries()) with { Rules = [Make.Rule(Make.PathMatch("/a"), Make.Backend("pay"))] }, day: 1);
        var route = Dated(CartRoute, 5);

        Assert.That(Reviews.Effects(proposed, stored, Cart, Pay, route, stored), Is.EqualTo(new[]
        {
            "replaces the routes of HTTPRoute shop/cart-route for Service shop/cart",
        }));
    }

    [Test]
    public void Match_that_an_older_route_has_already_is_told()
    {
        var route = Dated(Make.HttpRoute("shop/late", Make.Parent("cart", 80), Make.Rule(Make.PathMatch("/a"), Make.Backend("pay"))), 9);

        Assert.That(Reviews.Effects(route, null, Cart, Pay, CartRoute), Is.EqualTo(new[]
        {
            "spec.rules[0].matches[0]: HTTPRoute shop/cart-route has the same match for Service shop/cart and comes first",
        }));
    }

    /// <summary>Looking at a part of the mesh only must not change what is said.</summary>
    [Test]
    public void Part_of_the_mesh_tells_as_much_as_the_whole()
    {
        var all = Crowd().ToArray();
        var current = ResourceSetBuilder.Of(all);
        var catalog = ServiceCatalog.Build(current.Services);
        var different = all.Where(obj => obj is TrafficPolicy or HTTPRoute or GRPCRoute).Select(obj => new ProposedChange(ObjectKeys.Of(obj), obj, Stored: null)).Where(change =>
        {
            var without = new ResourceSetEditor(current);
            without.Remove(change.Key);
            var with = new ResourceSetEditor(current);
            with.Set(change.Key, change.Proposed);
            var services = change.ServicesIn(catalog, current);
            var whole = EffectReport.Write(change.Key, RuleView.Of(without.Build(default), catalog, services), RuleView.Of(with.Build(default), catalog, services));
            return !whole.SequenceEqual(AdmissionJudge.Effects(change, current));
        });

        Assert.That(different.Select(change => change.Key), Is.Empty);
    }

    private static IEnumerable<IKubernetesObject<V1ObjectMeta>> Crowd()
    {
        foreach (var space in new[] { "shop", "front", "bank" })
        {
            foreach (var name in new[] { "cart", "pay", "raw" })
            {
                yield return Make.Service($"{space}/{name}", clusterIP: null, name == "raw" ? "80:tcp" : "80:http");
                yield return Make.Policy($"{space}/{name}-policy", new TrafficPolicySpec { TargetRefs = [Make.Target(PolicyTargetKind.Service, name)], Retries = new Retries() }, day: 3);
                yield return Make.HttpRoute($"{space}/{name}-route", Make.Parent(name, 80), Make.Rule(Make.PathMatch("/"), Make.Backend("pay")));
            }

            yield return Make.Policy($"{space}/all", new TrafficPolicySpec { TargetRefs = [Make.Target(PolicyTargetKind.Namespace, space)], Retries = new Retries() }, day: 2);
            yield return Make.Policy($"{space}/late", new TrafficPolicySpec { TargetRefs = [Make.Target(PolicyTargetKind.HTTPRoute, "cart-route")], Retries = new Retries() }, day: 8);
            yield return Make.HttpRoute($"{space}/abroad", Make.Parent("bank/pay", 80), Make.Rule(Make.PathMatch("/"), new HTTPBackendRef { Name = "cart", Namespace = "shop", Port = 80 }));
            yield return Make.GrpcRoute($"{space}/calls", Make.Parent("shop/cart", 80), new GRPCRouteRule { BackendRefs = [new GRPCBackendRef { Name = "pay", Port = 80 }] });
        }
    }

    private static TrafficPolicySpec OnCart(Retries? retries) => new() { TargetRefs = [Make.Target(PolicyTargetKind.Service, "cart")], Retries = retries };

    private static HTTPRoute Dated(HTTPRoute route, int day) => new() { Metadata = Make.Metadata($"shop/{route.Metadata.Name}", day), Spec = route.Spec };
}
