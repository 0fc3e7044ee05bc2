// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Status;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Mesh.Operator.Cli;

/// <summary>Statuses as a table: state first, then what is wrong, in the columns of <c>kubectl get</c>.</summary>
internal static class StatusTable
{
    public static IRenderable Of(IEnumerable<StatusRow> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("KIND", "NAME", "TARGET", "ACCEPTED", "PROGRAMMED", "PROXIES");
        var notes = new List<IRenderable>();
        foreach (var row in rows)
        {
            table.AddRow(
                new Text(row.Kind), new Text(row.Name), new Text(row.Target), State(row.Accepted), State(row.Programmed), new Text(row.Proxies));
            if (row.Note.Length > 0)
            {
                notes.Add(new Paragraph($"  {row.Kind} {row.Name}: ", new Style(Color.Yellow)).Append(row.Note));
            }
        }

        return new Rows([table, .. notes]);
    }

    private static Text State(ConditionStatus status) => status switch
    {
        ConditionStatus.True => new Text("True", new Style(Color.Green)),
        ConditionStatus.False => new Text("False", new Style(Color.Red)),
        ConditionStatus.Unknown => new Text("Unknown", new Style(Color.Yellow)),
    };
}

/// <summary>One line of the table.</summary>
internal sealed record StatusRow(
    string Kind, string Name, string Target, ConditionStatus Accepted, ConditionStatus Programmed, string Proxies, string Note)
{
    public static StatusRow Of(StatusDocument document)
    {
        var key = document.Status.Key;
        var conditions = document.AllConditions.ToList();
        return new StatusRow(
            key.Kind,
            key.Namespace.Length == 0 ? key.Name : $"{key.Namespace}/{key.Name}",
            document.Status.Target,
            Worst(conditions, ConditionTypes.Accepted),
            Worst(conditions, ConditionTypes.Programmed),
            document.Status.Proxies.ToString(),
            Describe(conditions));
    }

    /// <summary>Reads back what a status file says.</summary>
    public static StatusRow Of(JsonObject file)
    {
        var metadata = file["metadata"];
        var status = file["status"];
        var conditions = (status?["conditions"]?.AsArray() ?? [])
            .Concat((status?["parents"]?.AsArray() ?? []).SelectMany(parent => parent?["conditions"]?.AsArray() ?? []))
            .Select(condition => condition.Deserialize<Condition>(StatusYaml.Options)!)
            .ToList();
        var space = (string?)metadata?["namespace"];
        return new StatusRow(
            (string?)file["kind"] ?? string.Empty,
            space is null ? (string?)metadata?["name"] ?? string.Empty : $"{space}/{metadata?["name"]}",
            (string?)status?["summary"]?["target"] ?? "-",
            Worst(conditions, ConditionTypes.Accepted),
            Worst(conditions, ConditionTypes.Programmed),
            (string?)status?["summary"]?["proxies"] ?? "-",
            Describe(conditions));
    }

    /// <summary>What a person must know: every condition that is not true, and what a true one adds.</summary>
    private static string Describe(List<Condition> conditions)
    {
        var notable = conditions
            .Where(condition => condition.Status != ConditionStatus.True || condition.Message!.Contains(" But: ", StringComparison.Ordinal))
            .Select(condition => $"{condition.Reason}: {condition.Message}")
            .Distinct(StringComparer.Ordinal);
        return string.Join(" | ", notable);
    }

    private static ConditionStatus Worst(IEnumerable<Condition> conditions, string type)
    {
        var statuses = conditions.Where(condition => condition.Type == type).Select(condition => condition.Status ?? ConditionStatus.Unknown).ToList();
        return statuses.Contains(ConditionStatus.False) ? ConditionStatus.False
            : statuses.Contains(ConditionStatus.Unknown) ? ConditionStatus.Unknown
            : ConditionStatus.True;
    }
}
