// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Mesh.Testing.Deploy;

/// <summary>What <c>config/monitoring</c> asks Prometheus for.</summary>
public static partial class MonitoringQueries
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right", "inf", "nan",
    };

    public static IReadOnlyList<JsonNode> Rules =>
        [.. Manifests.Read("config", "monitoring", "rules.yaml").Single()["groups"]!.AsArray().SelectMany(static group => group!["rules"]!.AsArray()).OfType<JsonNode>()];

    public static IReadOnlyList<JsonNode> Panels =>
        [.. JsonNode.Parse(File.ReadAllText(Repository.File("config", "monitoring", "dashboard.json")))!["panels"]!.AsArray().OfType<JsonNode>()];

    /// <summary>All expressions of rules and dashboard.</summary>
    public static IReadOnlyList<string> Expressions =>
    [
        .. Rules.Select(static rule => (string)rule["expr"]!),
        .. Panels.SelectMany(static panel => panel["targets"]!.AsArray()).Select(static target => (string)target!["expr"]!),
    ];

    /// <summary>The metrics that an expression names, in its order.</summary>
    public static IEnumerable<string> MetricNames(string expression)
    {
        var bare = Selector().Replace(Grouping().Replace(expression, " "), " ");
        return Name().Matches(bare).Select(static match => match.Value).Where(static name => !Words.Contains(name));
    }

    /// <summary>The metrics that have a sample in what <c>/metrics</c> answered.</summary>
    public static IReadOnlySet<string> Offered(string metrics) => SampleName().Matches(metrics).Select(static match => match.Value).ToHashSet(StringComparer.Ordinal);

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
