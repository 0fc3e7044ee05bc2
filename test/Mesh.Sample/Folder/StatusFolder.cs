// SPDX-License-Identifier: Apache-2.0
using YamlDotNet.RepresentationModel;

namespace Mesh.Sample.Folder;

/// <summary>The statuses that the operator has written.</summary>
internal static class StatusFolder
{
    public static IReadOnlyList<StatusLine> Read(string state) =>
        [.. YamlNodes.ReadFolder(Path.Combine(state, "status")).Select(Line).OrderBy(line => line.Name, StringComparer.Ordinal)];

    private static StatusLine Line(YamlNode document)
    {
        // A policy has its conditions directly, a route has them by parent.
        var conditions = document.Items("status", "conditions")
            .Concat(document.Items("status", "parents").SelectMany(parent => parent.Items("conditions"))).ToList();
        var wrong = conditions.Where(condition => condition.Text("status") != "True")
            .Select(condition => $"{condition.Text("type")} {condition.Text("reason")}: {condition.Text("message")}").Distinct(StringComparer.Ordinal);
        return new StatusLine
        {
            Name = SampleMesh.NameOf(document),
            Accepted = Worst(conditions, "Accepted"),
            ResolvedRefs = Worst(conditions, "ResolvedRefs"),
            Programmed = Worst(conditions, "Programmed"),
            Proxies = document.Text("status", "summary", "proxies") ?? "",
            Wrong = [.. wrong],
        };
    }

    private static string Worst(List<YamlNode> conditions, string type)
    {
        var states = conditions.Where(condition => condition.Text("type") == type).Select(condition => condition.Text("status")).ToList();
        return states.Count == 0 ? "-" : states.Contains("False") ? "False" : states.TrueForAll(state => state == "True") ? "True" : "Unknown";
    }
}

/// <summary>A status in short.</summary>
internal sealed record StatusLine
{
    public required string Name { get; init; }

    public required string Accepted { get; init; }

    public required string ResolvedRefs { get; init; }

    public required string Programmed { get; init; }

    /// <summary>"applied/desired".</summary>
    public required string Proxies { get; init; }

    /// <summary>Every condition that does not hold, with reason and message.</summary>
    public required IReadOnlyList<string> Wrong { get; init; }

    /// <summary>In force on every proxy, of which there is at least one.</summary>
    public bool IsInForce =>
        Accepted == "True" && Programmed == "True" && ResolvedRefs is "True" or "-" && Proxies.Split('/') is [var applied, var desired]
        && applied == desired && applied != "0";
}
