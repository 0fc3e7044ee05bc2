// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Streams;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.Tests.Streams;

internal sealed class ProxyIdentityTests
{
    [Test]
    public void Identity_keeps_the_features_that_change_what_is_sent()
    {
        var features = FeaturesOf("envoy.lb.does_not_support_overprovisioning", "xds.config.resource-in-sotw");

        Assert.That(features, Is.EqualTo(ClientFeatures.ResourceInSotw));
    }

    [Test]
    public void Identity_of_a_client_that_says_none_has_none() =>
        Assert.That(FeaturesOf("xds.config.supports-resource-ttl"), Is.EqualTo(ClientFeatures.None));

    private static ClientFeatures? FeaturesOf(params string[] features)
    {
        var node = new EnvoyNode { Id = "node/n1", ClientFeatures = { features } };
        return ProxyIdentity.From(node, new MeshNodeResolver(), peer: null).Identity?.Features;
    }
}
