// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Core;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Testing;
using Mesh.Testing.Builders;
using ServicePort = Mesh.Crds.Core.ServicePort;

namespace Mesh.Tests.Building;

public sealed class EndpointsTests
{
    private static readonly Service Plain = Make.Service("shop/cart", "10.96.0.10", "80");

    [Test]
    public void Slices_of_a_service_are_merged_and_any_ready_wins()
    {
        var built = Built.Of(
            Plain,
            Make.Slice("shop/a", "cart", 8080, Make.Endpoint("10.244.0.2"), Make.Endpoint("10.244.0.1", ready: false, serving: true, terminating: true)),
            Make.Slice("shop/b", "cart", 8080, Make.Endpoint("10.244.0.1"), Make.Endpoint("10.244.0.3", ready: null)));

        Assert.That(built.Endpoints("shop/cart").Select(endpoint => (endpoint.Address, endpoint.Port, endpoint.Health)), Is.EqualTo([
            ("10.244.0.1", 8080, EndpointHealth.Ready),
            ("10.244.0.2", 8080, EndpointHealth.Ready),
            ("10.244.0.3", 8080, EndpointHealth.Ready)]));
    }

    [TestCase(true, null, null, "Ready")]
    [TestCase(null, null, null, "Ready")]
    [TestCase(false, true, true, "Draining")]
    [TestCase(false, true, false, "")]
    [TestCase(false, false, true, "")]
    [TestCase(false, null, null, "")]
    public void Conditions_decide_the_health(bool? ready, bool? serving, bool? terminating, string expected)
    {
        var built = Built.Of(Plain, Make.Slice("shop/a", "cart", 8080, Make.Endpoint("10.244.0.1", ready, serving, terminating)));

        Assert.That(string.Join(",", built.Endpoints("shop/cart").Select(endpoint => endpoint.Health)), Is.EqualTo(expected));
    }

    [Test]
    public void Port_is_matched_by_its_name()
    {
        var slice = new EndpointSlice
        {
            Metadata = Make.Slice("shop/a", "cart", 1).Metadata,
            AddressType = "IPv6",
            Endpoints =
            [
                new SliceEndpoint
                {
                    Addresses = ["FD00::1"], Zone = "z1", TargetRef = new ObjectReference { Kind = "Pod", Name = "cart-1" },
                },
            ],
            Ports = [new SlicePort { Name = "http", Port = 8080 }, new SlicePort { Name = "admin", Port = 9090 }],
        };

        var built = Built.Of(Make.Service("shop/cart", "10.96.0.10", "80:http", "81:other"), slice);

        Assert.That(built.Endpoints("shop/cart"), Is.EqualTo([
            Meshes.Endpoint("fd00::1", 8080) with { Zone = "z1", Pod = "cart-1" }]));
        Assert.That(built.Endpoints("shop/cart", 81), Is.Empty);
    }

    [Test]
    public void Slices_of_names_and_of_other_namespaces_are_not_used()
    {
        var names = new EndpointSlice
        {
            Metadata = Make.Slice("shop/a", "cart", 1).Metadata,
            AddressType = "FQDN",
            Endpoints = [Make.Endpoint("10.244.0.1")],
            Ports = [new SlicePort { Port = 8080 }],
        };

        var built = Built.Of(Plain, names, Make.Slice("other/b", "cart", 8080, Make.Endpoint("10.244.0.9")));

        Assert.That(built.Endpoints("shop/cart"), Is.Empty);
        Assert.That(built.Findings("EndpointSlice", "shop/a"), Is.EqualTo([
            "Accepted UnsupportedValue addressType: host names are not resolved, and these endpoints get no requests; write slices of type IPv4 or IPv6"]));
    }

    [Test]
    public void Pods_stand_in_where_a_service_with_selector_has_no_slice()
    {
        var pending = Make.Pod("shop/c", "10.244.0.3", ("app", "cart"));
        var built = Built.Of(
            Selecting(new ServicePort { Port = 80, TargetPort = 8080 }),
            Make.Pod("shop/a", "10.244.0.1", ("app", "cart"), ("v", "1")),
            Make.Pod("shop/b", "10.244.0.2", ("app", "other")),
            new Pod { Metadata = pending.Metadata, Status = new PodStatus { Phase = "Pending", PodIP = "10.244.0.3" } },
            Make.Pod("other/d", "10.244.0.4", ("app", "cart")));

        Assert.That(built.Endpoints("shop/cart"), Is.EqualTo([
            Meshes.Endpoint("10.244.0.1", 8080) with { Pod = "a" }]));
    }

    [Test]
    public void Named_target_port_is_looked_up_in_the_pod()
    {
        var with = Make.Pod("shop/a", "10.244.0.1", ("app", "cart"));
        var without = Make.Pod("shop/b", "10.244.0.2", ("app", "cart"));
        var spec = new PodSpec { Containers = [new PodContainer { Ports = [new PodContainerPort { Name = "web", ContainerPort = 3000 }] }] };

        var built = Built.Of(
            Selecting(new ServicePort { Port = 80, TargetPort = "web" }),
            new Pod { Metadata = with.Metadata, Spec = spec, Status = with.Status },
            without);

        Assert.That(built.Endpoints("shop/cart").Select(endpoint => (endpoint.Pod, endpoint.Port)), Is.EqualTo([("a", 3000)]));
    }

    [TestCase("True", false, false, "Ready")]
    [TestCase("False", false, false, "")]
    [TestCase("Unknown", false, false, "")]
    [TestCase("False", false, true, "Ready")]
    [TestCase("True", true, false, "Draining")]
    [TestCase("False", true, false, "")]
    [TestCase("False", true, true, "Ready")]
    public void Pod_that_stands_in_is_judged_by_its_readiness(string ready, bool isLeaving, bool publishesNotReady, string expected)
    {
        var pod = Make.Pod("shop/a", "10.244.0.1", ("app", "cart"));
        pod.Metadata.DeletionTimestamp = isLeaving ? new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) : null;
        var status = pod.Status! with { Conditions = [new PodCondition { Type = "Initialized", Status = "True" }, new PodCondition { Type = "Ready", Status = ready }] };
        var service = Selecting(new ServicePort { Port = 80 });

        var built = Built.Of(
            new Service { Metadata = service.Metadata, Spec = service.Spec! with { PublishNotReadyAddresses = publishesNotReady } },
            new Pod { Metadata = pod.Metadata, Spec = pod.Spec, Status = status });

        Assert.That(string.Join(",", built.Endpoints("shop/cart").Select(endpoint => endpoint.Health)), Is.EqualTo(expected));
    }

    [Test]
    public void Pod_that_stands_in_is_in_the_zone_of_its_node()
    {
        var pod = Make.Pod("shop/a", "10.244.0.1", ("app", "cart"));
        var built = Built.Of(
            Selecting(new ServicePort { Port = 80 }),
            Make.Node("n1", "z1"),
            new Pod { Metadata = pod.Metadata, Spec = new PodSpec { NodeName = "n1" }, Status = pod.Status });

        Assert.That(built.Endpoints("shop/cart").Select(endpoint => (endpoint.Zone, endpoint.Node)), Is.EqualTo([("z1", new NodeName("n1"))]));
    }

    [Test]
    public void Slice_without_endpoints_keeps_pods_from_standing_in()
    {
        var built = Built.Of(
            Selecting(new ServicePort { Port = 80 }), Make.Pod("shop/a", "10.244.0.1", ("app", "cart")), Make.Slice("shop/a", "cart", 80));

        Assert.That(built.Endpoints("shop/cart"), Is.Empty);
    }

    [Test]
    public void Workloads_are_pods_with_an_address_of_their_own()
    {
        var host = Make.Pod("shop/host", "10.244.0.4");
        var done = Make.Pod("shop/done", "10.244.0.5");
        var named = Make.Pod("shop/named", "10.244.0.1");

        var built = Built.Of(
            Make.Namespace("shop", EnrolmentLabel.Enabled),
            Make.Pod("shop/b", "10.244.0.2"),
            Make.Pod("shop/a", "10.244.0.2"),
            Make.Pod("shop/none", address: null),
            new Pod { Metadata = host.Metadata, Spec = new PodSpec { HostNetwork = true }, Status = host.Status },
            new Pod { Metadata = done.Metadata, Status = new PodStatus { Phase = "Succeeded", PodIP = "10.244.0.5" } },
            new Pod { Metadata = named.Metadata, Spec = new PodSpec { NodeName = "n1", ServiceAccountName = "sa" }, Status = named.Status });

        Assert.That(built.Model.Workloads, Is.EqualTo([
            new Workload { Address = "10.244.0.1", Namespace = "shop", Name = "named", ServiceAccount = "sa", Node = new NodeName("n1") },
            new Workload { Address = "10.244.0.2", Namespace = "shop", Name = "a", ServiceAccount = "default", Node = null }]));
    }

    private static Service Selecting(ServicePort port) => new()
    {
        Metadata = Make.Metadata("shop/cart"),
        Spec = new ServiceSpec
        {
            ClusterIP = "10.96.0.10",
            Selector = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "cart" },
            Ports = [port],
        },
    };
}
