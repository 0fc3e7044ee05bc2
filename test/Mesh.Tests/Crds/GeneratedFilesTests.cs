// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Kinds;
using Mesh.Crds.Schema;
using Mesh.Testing;

namespace Mesh.Tests.Crds;

internal sealed class GeneratedFilesTests
{
    private static IEnumerable<SchemaRule> AllRules => KindCatalog.All.SelectMany(kind => RulesOf(kind.Schema.Root)).Distinct();

    [Test]
    public void Generated_files_are_current()
    {
        var generated = Generator.Generate();

        var stale = generated.Where(file => ReadOrEmpty(file.Key) != file.Value).Select(file => file.Key);

        Assert.That(stale, Is.Empty, "run \"make generate\" and check the result in");
    }

    [Test]
    public void Generation_covers_every_kind_of_ours_and_the_reference()
    {
        var paths = Generator.Generate().Keys.Where(path => path.StartsWith("crds/", StringComparison.Ordinal));

        Assert.That(paths, Is.EqualTo(new[]
        {
            "crds/REFERENCE.md",
            "crds/manifests/mesh.operator.dev_meshes.yaml",
            "crds/manifests/mesh.operator.dev_meshnodes.yaml",
            "crds/manifests/mesh.operator.dev_trafficpolicies.yaml",
        }));
    }

    [TestCaseSource(nameof(AllRules))]
    public void Rule_can_be_evaluated_in_file_mode(SchemaRule rule)
    {
        Assert.That(RuleEvaluator.CanEvaluate(rule), Is.True);
    }

    [Test]
    public void Every_field_has_a_description()
    {
        var kinds = KindCatalog.All.Where(kind => kind.Origin != KindOrigin.Core);

        var silent = kinds.SelectMany(kind => Silent(kind.Schema.Root, kind.Kind));

        Assert.That(silent, Is.Empty);
    }

    private static IEnumerable<SchemaRule> RulesOf(SchemaNode node) =>
        node.Rules
            .Concat(node.Properties.SelectMany(property => RulesOf(property.Schema)))
            .Concat(node.Items is { } items ? RulesOf(items) : []);

    private static IEnumerable<string> Silent(SchemaNode node, string path) => node.Properties.SelectMany(property =>
    {
        var place = $"{path}.{property.Name}";
        var isSilent = property.Schema.Description.Length == 0 && property.Schema.TypeDescription.Length == 0;
        var below = Silent(property.Schema, place).Concat(property.Schema.Items is { } items ? Silent(items, place) : []);
        return isSilent ? below.Append(place) : below;
    });

    private static string ReadOrEmpty(string path)
    {
        var file = Repository.File(path.Split('/'));
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }
}
