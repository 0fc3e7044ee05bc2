// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mesh.Operator.Cli;
using Mesh.Operator.Pipeline;
using Mesh.Testing;
using Mesh.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Tests.Deploy;

/// <summary>Rules and dashboard ask for metrics that there are.</summary>
internal sealed partial class MonitoringTests
{
    private static readonly string RulesFile = Repository.File("config", "monitoring", "rules.yaml");
    private static readonly string ManifestFile = Repository.File("config", "monitoring", "prometheusrule.yaml");

    private static JsonNode Dashboard => JsonNode.Parse(File.ReadAllText(Repository.File("config", "monitoring", "dashboard.json")))!;

    private static IEnumerable<JsonNode> Rules =>
        Manifests.Read("config", "monitoring", "rules.yaml").Single()["groups"]!.AsArray().SelectMany(static group => group!["rules"]!.AsArray()).OfType<JsonNode>();

    [Test]
    public async Task Every_metric_of_rules_and_dashboard_is_one_of_the_operators()
    {
        await using var server = await OperatorHttp.StartAsync(proxy: ProxyKind.Simulated);
        await server.Services.GetRequiredService<ReconcileLoop>().State.WaitForAsync(static state => state.Snapshot is not null, CancellationToken.None).WithTimeout();
        var (_, metrics) = await server.GetAsync("/metrics");
        var offered = SampleName().Matches(metrics).Select(static match => match.Value).ToHashSet(StringComparer.Ordinal);

        var expressions = Rules.Select(static rule => (string)rule["expr"]!)
            .Concat(Dashboard["panels"]!.AsArray().SelectMany(static panel => panel!["targets"]!.AsArray()).Select(static target => (string)target!["expr"]!))
            .ToList();
        var asked = expressions.SelectMany(MetricNames).Distinct(StringComparer.Ordinal).ToList();

        Assert.That(expressions, Has.Count.GreaterThan(20));
        Assert.That(asked, Has.Count.GreaterThan(10));
        Assert.That(asked.Where(name => !offered.Contains(name)), Is.Empty);
    }

    [TestCase("sum by (le, pod) (rate(a_bucket{b=\"c\"}[5m])) > 5 and on (x) histogram_quantile(0.9, d:e)", "a_bucket", "d:e")]
    [TestCase("absent(up) or min_over_time(f[10m]) unless ignoring(y) group_left g offset 5m", "up", "f", "g")]
    public void Names_of_metrics_are_found_in_an_expression(string expression, params string[] expected)
    {
        Assert.That(MetricNames(expression), Is.EqualTo(expected));
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
        var offenders = Rules
            .Where(static rule => rule["alert"] is not null)
            .Where(static rule => rule["labels"]?["severity"] is null || rule["annotations"]?["summary"] is null || rule["annotations"]?["description"] is null)
            .Select(static rule => (string?)rule["alert"]);

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void Panels_have_their_own_ids_and_places()
    {
        var panels = Dashboard["panels"]!.AsArray().OfType<JsonNode>().ToList();
        var cells = panels.SelectMany(static panel => Cells(panel["gridPos"]!)).ToList();

        Assert.That(panels.Select(static panel => (int)panel["id"]!), Is.Unique);
        Assert.That(cells, Is.Unique);
        Assert.That(cells.Max(static cell => cell.X), Is.LessThan(24));
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonNode position) =>
        from x in Enumerable.Range((int)position["x"]!, (int)position["w"]!)
        from y in Enumerable.Range((int)position["y"]!, (int)position["h"]!)
        select (x, y);

    private static IEnumerable<string> MetricNames(string expression)
    {
        var bare = Selector().Replace(Grouping().Replace(expression, " "), " ");
        return Name().Matches(bare).Select(static match => match.Value).Where(static name => !Words.Contains(name));
    }

    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right", "inf", "nan",
    };

    /// <summary>Labels, ranges and texts.</summary>
    [GeneratedRegex("""\{[^}]*\}|\[[^\]]*\]|"[^"]*"|(?<=\boffset\s+)[0-9a-z]+""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Selector();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Grouping();

    /// <summary>A name that is no function's.</summary>
    [GeneratedRegex(@"(?<![\w:.])[a-zA-Z_:][\w:]*(?![\w:]|\s*\()", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[a-zA-Z_:][\w:]*", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SampleName();
}
