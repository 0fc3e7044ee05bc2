// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Features;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

public sealed class MeshSettingsTests
{
    [Test]
    public void Mesh_gives_settings_and_defaults()
    {
        var built = Built.Of(Built.Cart, Mesh("default", new MeshSpec
        {
            OutboundTraffic = OutboundTrafficMode.Block,
            ServiceCIDRs = ["10.97.0.9/16", "10.96.0.0/16"],
            Defaults = new MeshDefaults { Timeouts = new Timeouts { Request = "3s" } },
        }));

        var reference = new ResourceRef("Mesh", "", "default", 1);
        Assert.That(built.Model.Settings, Is.EqualTo(MeshSettings.Default with
        {
            OutboundTraffic = OutboundTraffic.Block,
            ServiceCidrs = ["10.96.0.0/16", "10.97.0.0/16"],
            Origins = Origins.Of(reference),
        }));
        Assert.That(built.Rules("shop/cart")[0].Settings.Timeouts.Request, Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(built.Contributions[new("Mesh", "", "default")].Ports, Is.EqualTo([new ServicePortName(Built.Name("shop/cart"), 80)]));
    }

    [TestCase("10.96.0.0")]
    [TestCase("10.96.0.0/33")]
    [TestCase("10/8")]
    public void Mesh_with_a_bad_range_is_refused_whole(string range)
    {
        var built = Built.Of(Mesh("default", new MeshSpec { OutboundTraffic = OutboundTrafficMode.Block, PodCIDRs = ["10.244.0.0/16", range] }));

        Assert.That(built.Model.Settings, Is.EqualTo(MeshSettings.Default));
        Assert.That(built.Findings("Mesh", "default"), Is.EqualTo([
            $"Accepted Invalid spec.podCIDRs[1]: \"{range}\" is not a range of addresses; write an address and a length, \"10.96.0.0/12\" say"]));
        Assert.That(built.Contributions, Is.Empty);
    }

    [Test]
    public void Mesh_of_another_name_is_refused()
    {
        var built = Built.Of(Mesh("other", new MeshSpec { OutboundTraffic = OutboundTrafficMode.Block }));

        Assert.That(built.Model.Settings, Is.EqualTo(MeshSettings.Default));
        Assert.That(built.Findings("Mesh", "other"), Is.EqualTo([
            "Accepted Invalid metadata.name: there is one Mesh, and its name is \"default\""]));
    }

    private static MeshConfiguration Mesh(string name, MeshSpec spec) => new() { Metadata = Make.Metadata(name), Spec = spec };
}
