// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Core;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

/// <summary>Which endpoints are meant for whom.</summary>
public sealed class NearnessTests
{
    [Test]
    public void Hints_of_slices_are_taken_when_every_ready_endpoint_has_one()
    {
        var built = Built.Of(
            Cart(),
            Make.Slice("shop/a", "cart", 80, Hinted("10.244.0.1", "b", "a"), Hinted("10.244.0.2", "b"), Leaving("10.244.0.3")));

        Assert.That(Zones(built), Is.EqualTo(["10.244.0.1 a b", "10.244.0.2 b", "10.244.0.3 "]));
    }

    [Test]
    public void Hints_are_ignored_as_long_as_one_ready_endpoint_has_none()
    {
        var built = Built.Of(Cart(), Make.Slice("shop/a", "cart", 80, Hinted("10.244.0.1", "a"), Make.Endpoint("10.244.0.2")));

        Assert.That(Zones(built), Is.EqualTo(["10.244.0.1 ", "10.244.0.2 "]));
    }

    [TestCase("PreferSameZone", "a", "")]
    [TestCase("PreferClose", "a", "")]
    [TestCase("PreferSameNode", "a", "n1")]
    [TestCase("Whatever", "", "")]
    [TestCase(null, "", "")]
    public void Traffic_distribution_gives_the_hints_that_nobody_wrote(string? distribution, string zones, string nodes)
    {
        var endpoint = Make.Endpoint("10.244.0.1") with { Zone = "a", NodeName = "n1" };

        var built = Built.Of(Cart(spec => spec with { TrafficDistribution = distribution }), Make.Slice("shop/a", "cart", 80, endpoint));

        Assert.That(built.Endpoints("shop/cart").Select(found => (string.Join(' ', found.ForZones), string.Join(' ', found.ForNodes))), Is.EqualTo([(zones, nodes)]));
    }

    [Test]
    public void Hints_for_nodes_are_taken_beside_those_for_zones()
    {
        var hints = new EndpointHints { ForZones = [new NamedHint { Name = "a" }], ForNodes = [new NamedHint { Name = "n1" }] };

        var built = Built.Of(Cart(), Make.Slice("shop/a", "cart", 80, Make.Endpoint("10.244.0.1") with { Hints = hints }));

        Assert.That(built.Endpoints("shop/cart").Select(found => (found.ForZones[0], found.ForNodes[0])), Is.EqualTo([("a", "n1")]));
    }

    [Test]
    public void Local_traffic_policy_keeps_to_the_node_and_needs_no_hints()
    {
        var built = Built.Of(
            Cart(spec => spec with { InternalTrafficPolicy = "Local" }),
            Make.Slice("shop/a", "cart", 80, Hinted("10.244.0.1", "a") with { NodeName = "n1" }));

        var set = built.Model.Endpoints[new ServicePortName(Built.Name("shop/cart"), 80)];
        Assert.That((set.Reach, set.Endpoints[0].Node, set.Endpoints[0].ForZones.Count), Is.EqualTo((EndpointReach.Node, new NodeName("n1"), 0)));
    }

    [Test]
    public void Zones_of_nodes_are_read_from_their_labels()
    {
        var built = Built.Of(Make.Node("n1", "a"), Make.Node("n2", zone: null), Make.Node("n3", ""));

        Assert.That(built.Model.Zones, Is.EquivalentTo(new Dictionary<NodeName, string> { [new NodeName("n1")] = "a" }));
    }

    private static string[] Zones(BuildResult built) =>
        [.. built.Endpoints("shop/cart").Select(endpoint => $"{endpoint.Address} {string.Join(' ', endpoint.ForZones)}")];

    private static SliceEndpoint Hinted(string address, params string[] zones) =>
        Make.Endpoint(address) with { Hints = new EndpointHints { ForZones = [.. zones.Select(zone => new NamedHint { Name = zone })] } };

    private static SliceEndpoint Leaving(string address) => Make.Endpoint(address, ready: false, serving: true, terminating: true);

    private static Service Cart(Func<ServiceSpec, ServiceSpec>? change = null)
    {
        var service = Make.Service("shop/cart", "10.96.0.10", "80");
        return new Service { Metadata = service.Metadata, Spec = (change ?? (spec => spec))(service.Spec!) };
    }
}
