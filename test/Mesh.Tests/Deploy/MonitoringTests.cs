// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Testing;
using Mesh.Testing.Deploy;

namespace Mesh.Tests.Deploy;

/// <summary>Rules and dashboard are well formed. That they ask for metrics which there are is told by an operator in a cluster (end to end).</summary>
internal sealed class MonitoringTests
{
    private static readonly string RulesFile = Repository.File("config", "monitoring", "rules.yaml");
    private static readonly string ManifestFile = Repository.File("config", "monitoring", "prometheusrule.yaml");

    [TestCase("sum by (le, pod) (rate(a_bucket{b=\"c\"}[5m])) > 5 and on (x) histogram_quantile(0.9, d:e)", "a_bucket", "d:e")]
    [TestCase("absent(up) or min_over_time(f[10m]) unless ignoring(y) group_left g offset 5m", "up", "f", "g")]
    public void Names_of_metrics_are_found_in_an_expression(string expression, params string[] expected)
    {
        Assert.That(MonitoringQueries.MetricNames(expression), Is.EqualTo(expected));
    }

    [Test]
    public void Manifest_for_the_Prometheus_operator_has_the_same_rules()
    {
        const string begin = "spec:\n";
        var rules = File.ReadAllText(RulesFile);
        var body = string.Concat(rules[rules.IndexOf("groups:\n", StringComparison.Ordinal)..].Split('\n').Select(static line => line.Length == 0 ? "" : $"  {line}\n"));
        var manifest = File.ReadAllText(ManifestFile);
        var head = manifest[..(manifest.IndexOf(begin, StringComparison.Ordinal) + begin.Length)];

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(ManifestFile, head + body);
        }

        Assert.That(manifest, Is.EqualTo(head + body), "change rules.yaml and run this test with UPDATE_GOLDEN=1");
    }

    [Test]
    public void Every_alert_says_how_bad_it_is_and_what_to_do()
    {
        var offenders = MonitoringQueries.Rules
            .Where(static rule => rule["alert"] is not null)
            .Where(static rule => rule["labels"]?["severity"] is null || rule["annotations"]?["summary"] is null || rule["annotations"]?["description"] is null)
            .Select(static rule => (string?)rule["alert"]);

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void Panels_have_their_own_ids_and_places()
    {
        var panels = MonitoringQueries.Panels;
        var cells = panels.SelectMany(static panel => Cells(panel["gridPos"]!)).ToList();

        Assert.That(panels.Select(static panel => (int)panel["id"]!), Is.Unique);
        Assert.That(cells, Is.Unique);
        Assert.That(cells.Max(static cell => cell.X), Is.LessThan(24));
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonNode position) =>
        from x in Enumerable.Range((int)position["x"]!, (int)position["w"]!)
        from y in Enumerable.Range((int)position["y"]!, (int)position["h"]!)
        select (x, y);
}
