// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Core;
using Mesh.Model;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

/// <summary>Pods and services of two families.</summary>
public sealed class DualStackTests
{
    [TestCase("10.96.0.10", "fd00::a", "10.244.0.1", "fd00::1")]
    [TestCase("fd00::a", "10.96.0.10", "fd00::1", "10.244.0.1")]
    public void Pod_in_slices_of_both_families_is_one_endpoint_and_the_first_family_of_the_service_goes_first(
        string first, string second, string address, string other)
    {
        var built = Built.Of(Cart(spec => spec with { ClusterIP = first, ClusterIPs = [first, second] }), Four("p"), Six("p"));

        Assert.That(built.Endpoints("shop/cart").Select(found => (found.Address, found.OtherAddress)), Is.EqualTo([(address, other)]));
    }

    [Test]
    public void Headless_service_says_its_first_family_by_ipFamilies()
    {
        var built = Built.Of(Cart(spec => spec with { ClusterIP = "None", IpFamilies = ["IPv6", "IPv4"] }), Four("p"), Six("p"));

        Assert.That(built.Endpoints("shop/cart").Select(found => (found.Address, found.OtherAddress)), Is.EqualTo([("fd00::1", "10.244.0.1")]));
    }

    [Test]
    public void Endpoints_of_no_pod_or_of_different_pods_stay_apart()
    {
        var apart = Built.Of(Cart(), Four("p"), Six("q"));
        var nameless = Built.Of(Cart(), Four(pod: null), Six(pod: null));

        Assert.That(apart.Endpoints("shop/cart").Select(found => found.OtherAddress), Is.EqualTo(["", ""]));
        Assert.That(nameless.Endpoints("shop/cart").Select(found => found.OtherAddress), Is.EqualTo(["", ""]));
    }

    [Test]
    public void Family_that_is_not_ready_is_left_out_while_the_other_is()
    {
        var built = Built.Of(Cart(), Four("p", ready: false), Six("p"));

        Assert.That(
            built.Endpoints("shop/cart").Select(found => (found.Address, found.OtherAddress, found.Health)), Is.EqualTo([("fd00::1", "", EndpointHealth.Ready)]));
    }

    [TestCase("IPv4", "10.244.0.1", "")]
    [TestCase("IPv6", "fd00::1", "")]
    [TestCase("IPv6,IPv4", "fd00::1", "10.244.0.1")]
    public void Pod_that_stands_in_is_reached_by_the_families_of_the_service(string families, string address, string other)
    {
        var pod = Make.Pod("shop/p", "10.244.0.1", ("app", "cart"));
        var status = pod.Status! with { PodIPs = [new PodAddress { Ip = "10.244.0.1" }, new PodAddress { Ip = "fd00::1" }] };

        var built = Built.Of(
            Cart(spec => spec with
            {
                ClusterIP = "None",
                IpFamilies = families.Split(','),
                Selector = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "cart" },
            }),
            new Pod { Metadata = pod.Metadata, Spec = pod.Spec, Status = status });

        Assert.That(built.Endpoints("shop/cart").Select(found => (found.Address, found.OtherAddress)), Is.EqualTo([(address, other)]));
    }

    private static EndpointSlice Four(string? pod, bool ready = true) => Slice("a", "IPv4", "10.244.0.1", pod, ready);

    private static EndpointSlice Six(string? pod) => Slice("b", "IPv6", "fd00::1", pod, ready: true);

    private static EndpointSlice Slice(string name, string family, string address, string? pod, bool ready)
    {
        var endpoint = (ready ? Make.Endpoint(address) : Make.Endpoint(address, ready: false, serving: true, terminating: true)) with
        {
            TargetRef = pod is null ? null : new ObjectReference { Kind = "Pod", Name = pod },
        };
        var slice = Make.Slice("shop/" + name, "cart", 8080, endpoint);
        return new EndpointSlice { Metadata = slice.Metadata, AddressType = family, Endpoints = slice.Endpoints, Ports = slice.Ports };
    }

    private static Service Cart(Func<ServiceSpec, ServiceSpec>? change = null)
    {
        var service = Make.Service("shop/cart", "10.96.0.10", "80");
        return new Service { Metadata = service.Metadata, Spec = (change ?? (spec => spec))(service.Spec!) };
    }
}
