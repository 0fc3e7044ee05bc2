// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Core;
using Mesh.Crds.Features;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Testing.Builders;
using ServicePort = Mesh.Crds.Core.ServicePort;

namespace Mesh.Tests.Building;

public sealed class ServicesTests
{
    [TestCase("80:http", PortProtocol.Http)]
    [TestCase("80:http-web", PortProtocol.Http)]
    [TestCase("80:grpc", PortProtocol.Http2)]
    [TestCase("80:grpc-web", PortProtocol.Http2)]
    [TestCase("80:https", PortProtocol.Tcp)]
    [TestCase("80:tcp-db", PortProtocol.Tcp)]
    [TestCase("80:web", PortProtocol.Detect)]
    [TestCase("80", PortProtocol.Detect)]
    [TestCase("80:tcp:http", PortProtocol.Http)]
    [TestCase("80:http:kubernetes.io/h2c", PortProtocol.Http2)]
    [TestCase("80:http:kubernetes.io/ws", PortProtocol.Http)]
    [TestCase("80:http:kubernetes.io/wss", PortProtocol.Tcp)]
    [TestCase("80:http:mysql", PortProtocol.Tcp)]
    [TestCase("80:http:example.com/own", PortProtocol.Detect)]
    public void Protocol_is_declared_by_appProtocol_then_by_name(string port, PortProtocol expected)
    {
        var built = Built.Of(Make.Service("shop/cart", "10.96.0.10", port));

        Assert.That(built.Port("shop/cart", 80).Protocol, Is.EqualTo(expected));
    }

    [TestCase(PolicyTargetKind.Service, "cart", PortProtocol.Http)]
    [TestCase(PolicyTargetKind.Namespace, "shop", PortProtocol.Detect)]
    public void Undeclared_port_is_http_by_a_policy_of_its_own_for_requests(PolicyTargetKind kind, string name, PortProtocol expected)
    {
        TrafficPolicy Policy(Timeouts timeouts) =>
            Make.Policy("shop/p", new TrafficPolicySpec { TargetRefs = [Make.Target(kind, name)], Timeouts = timeouts });
        PortProtocol ProtocolWith(Timeouts timeouts) =>
            Built.Of(Make.Service("shop/cart", "10.96.0.10", "80:web"), Policy(timeouts)).Port("shop/cart", 80).Protocol;

        Assert.That(ProtocolWith(new Timeouts { Request = "1s" }), Is.EqualTo(expected));
        Assert.That(ProtocolWith(new Timeouts { Connect = "1s" }), Is.EqualTo(PortProtocol.Detect));
    }

    [Test]
    public void Undeclared_port_is_http_by_a_route()
    {
        var route = Make.HttpRoute("shop/r", Make.Parent("cart"), Make.Rule(Make.PathMatch("/"), Make.Backend("cart")));

        var built = Built.Of(Make.Service("shop/cart", "10.96.0.10", "80:web"), route);

        Assert.That(built.Port("shop/cart", 80).Protocol, Is.EqualTo(PortProtocol.Http));
    }

    [Test]
    public void Ports_other_than_TCP_are_left_out()
    {
        var service = new Service
        {
            Metadata = Make.Metadata("shop/dns"),
            Spec = new ServiceSpec
            {
                ClusterIP = "10.96.0.53",
                Ports = [new ServicePort { Port = 53, Protocol = "UDP" }, new ServicePort { Port = 53, Protocol = "TCP" }, new ServicePort { Port = 9 }],
            },
        };

        var built = Built.Of(service);

        Assert.That(built.Model.Services[Built.Name("shop/dns")].Ports.Select(port => port.Name.Port), Is.EqualTo([9, 53]));
    }

    [TestCase("None")]
    [TestCase(null)]
    [TestCase("not an address")]
    public void Headless_service_is_in_the_model_without_address(string? clusterIP)
    {
        var built = Built.Of(Make.Service("shop/cart", clusterIP, "80"));

        Assert.That(built.Model.Services[Built.Name("shop/cart")].Addresses, Is.Empty);
    }

    [Test]
    public void Addresses_of_both_families_are_canonical()
    {
        var service = new Service
        {
            Metadata = Make.Metadata("shop/cart"),
            Spec = new ServiceSpec { ClusterIP = "10.96.0.10", ClusterIPs = ["10.96.0.10", "FD00:0::A"], Ports = [Make.Port("80")] },
        };

        var built = Built.Of(service);

        Assert.That(built.Model.Services[Built.Name("shop/cart")].Addresses, Is.EqualTo(["10.96.0.10", "fd00::a"]));
    }

    [Test]
    public void ExternalName_and_portless_services_are_absent()
    {
        var external = new Service
        {
            Metadata = Make.Metadata("shop/ext"),
            Spec = new ServiceSpec { Type = "ExternalName", Ports = [Make.Port("80")] },
        };

        var built = Built.Of(external, Make.Service("shop/none", "10.96.0.11"));

        Assert.That(built.Model.Services, Is.Empty);
        Assert.That(built.Model.Endpoints, Is.Empty);
    }

    [Test]
    public void Address_of_two_services_stays_with_the_first_and_the_second_is_told()
    {
        var built = Built.Of(Make.Service("shop/b", "10.96.0.10", "80"), Make.Service("shop/a", "10.96.0.10", "80"));

        Assert.That(built.Model.Services[Built.Name("shop/a")].Addresses, Is.EqualTo(["10.96.0.10"]));
        Assert.That(built.Model.Services[Built.Name("shop/b")].Addresses, Is.Empty);
        Assert.That(built.Findings("Service", "shop/b"), Is.EqualTo([
            "Accepted Conflicted spec.clusterIP: 10.96.0.10 belongs to Service shop/a already; give every Service an address of its own"]));
    }

    [Test]
    public void Service_without_route_forwards_to_itself()
    {
        var built = Built.Of(Built.Cart);

        Assert.That(built.Rules("shop/cart").Select(rule => (rule.Match.Path, rule.Targets()[0], rule.Origins)),
            Is.EqualTo([("/", "shop/cart:80*1", Origins.None)]));
        Assert.That(built.Findings, Is.Empty);
        Assert.That(built.Contributions, Is.Empty);
    }
}
