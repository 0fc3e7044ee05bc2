// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Core;
using Mesh.Crds.V1Alpha1;
using Mesh.Model.Settings;
using Mesh.Operator.Building;
using Mesh.Testing.Builders;
using LoadBalancingAlgorithm = Mesh.Crds.Features.LoadBalancingAlgorithm;

namespace Mesh.Tests.Building;

/// <summary>What is asked of services that have no address, and what they ask for themselves.</summary>
public sealed class ServiceKindsTests
{
    private static readonly Service External = new()
    {
        Metadata = Make.Metadata("shop/ext"),
        Spec = new ServiceSpec { Type = "ExternalName", Ports = [Make.Port("80")] },
    };

    [Test]
    public void Policy_on_an_ExternalName_alone_is_refused()
    {
        var built = Built.Of(External, Timeouts(Make.Target(PolicyTargetKind.Service, "ext")));

        Assert.That(built.Findings("TrafficPolicy", "shop/p"), Is.EqualTo([
            "Accepted Unenforceable spec.targetRefs[0]: Service shop/ext is of type ExternalName: its clients connect to another name, of which the mesh knows "
            + "no endpoint"]));
    }

    [Test]
    public void Policy_on_an_ExternalName_and_another_service_is_in_force_at_the_other()
    {
        var built = Built.Of(External, Built.Cart, Timeouts(Make.Target(PolicyTargetKind.Service, "ext"), Make.Target(PolicyTargetKind.Service, "cart")));

        Assert.That(built.Findings("TrafficPolicy", "shop/p").Single(), Does.StartWith("~Accepted Unenforceable spec.targetRefs[0]: "));
        Assert.That(built.Rules("shop/cart")[0].Settings.Timeouts.Request, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Policy_on_a_headless_service_says_whom_it_does_not_reach()
    {
        var built = Built.Of(Make.Service("shop/db", "None", "80"), Timeouts(Make.Target(PolicyTargetKind.Service, "db")));

        Assert.That(built.Findings("TrafficPolicy", "shop/p"), Is.EqualTo([
            "~Accepted Unenforceable spec.targetRefs[0]: Service shop/db is headless: its clients connect to its pods' own addresses, past every policy; "
            + "this applies to requests that a route sends there, and to gRPC clients without a proxy"]));
        Assert.That(built.Rules("shop/db")[0].Settings.Timeouts.Request, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Session_affinity_hashes_the_client()
    {
        var built = Built.Of(Affine());

        Assert.That(built.Port("shop/cart", 80).Cluster.LoadBalancing.Algorithm, Is.EqualTo(Model.Settings.LoadBalancingAlgorithm.Maglev));
        Assert.That(built.Rules("shop/cart")[0].Settings.HashPolicies, Is.EqualTo([new HashPolicy(HashSource.SourceAddress, "", CookieTtl: null)]));
    }

    [TestCase(PolicyTargetKind.Service, "cart", Model.Settings.LoadBalancingAlgorithm.Random)]
    [TestCase(PolicyTargetKind.Namespace, "shop", Model.Settings.LoadBalancingAlgorithm.Maglev)]
    public void Session_affinity_stands_between_policies_on_the_service_and_on_its_namespace(
        PolicyTargetKind kind, string name, Model.Settings.LoadBalancingAlgorithm expected)
    {
        var policy = Make.Policy("shop/p", new TrafficPolicySpec
        {
            TargetRefs = [Make.Target(kind, name)],
            LoadBalancing = new() { Algorithm = LoadBalancingAlgorithm.Random },
        });

        var built = Built.Of(Affine(), policy);

        Assert.That(built.Port("shop/cart", 80).Cluster.LoadBalancing.Algorithm, Is.EqualTo(expected));
    }

    private static TrafficPolicy Timeouts(params PolicyTargetReference[] targets) =>
        Make.Policy("shop/p", new TrafficPolicySpec { TargetRefs = targets, Timeouts = new Mesh.Crds.Features.Timeouts { Request = "1s" } });

    private static Service Affine()
    {
        var service = Make.Service("shop/cart", "10.96.0.10", "80");
        return new Service { Metadata = service.Metadata, Spec = service.Spec! with { SessionAffinity = "ClientIP" } };
    }
}
