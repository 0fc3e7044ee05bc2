// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation;

namespace Mesh.Tests.Translation;

internal sealed class EveryModelSettingReachesXdsTests
{
    [Test]
    public void Every_setting_changes_the_translation_in_some_example()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        foreach (var example in new[] { FullExample.First, FullExample.Second })
        {
            var before = Translate(example);
            reached.UnionWith(Variants(example).Where(v => Translate(v.Port) != before).Select(v => v.Property));
        }

        Assert.That(ModelLeaves.Properties().Except(reached, StringComparer.Ordinal), Is.Empty);
    }

    [Test]
    public void Protocol_changes_the_translation()
    {
        var translations = Enum.GetValues<PortProtocol>().Select(p => Translate(FullExample.First with { Protocol = p })).ToList();

        Assert.That(translations.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(3), "Detect and Http differ in nothing but intent");
    }

    private static IEnumerable<(string Property, ServicePort Port)> Variants(ServicePort port) =>
        ModelLeaves.Of(port.Cluster)
            .Select(v => (v.Property, port with { Cluster = (Model.Settings.ClusterSettings?)v.Value ?? port.Cluster }))
            .Concat(ModelLeaves.Of(port.Routes)
                .Select(v => (v.Property, port with { Routes = (Model.Routing.RouteTable?)v.Value ?? port.Routes })));

    /// <summary>The versions of all resources: they hash every byte.</summary>
    private static string Translate(ServicePort port) => string.Join(
        '\n',
        ServiceResources.Build(Mesh.Testing.Meshes.Service("127.96.0.10", port), _ => false)
            .Select(ResourceEncoder.Encode)
            .Select(r => $"{r.Key} {r.Version}"));
}
