// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Operator.Status;

namespace Mesh.Operator.Kubernetes;

/// <param name="Condition">The condition that turned.</param>
/// <param name="IsWarning">It turned false; else it is true again.</param>
/// <param name="Reason">The condition's reason.</param>
/// <param name="Note">The condition's message.</param>
internal sealed record StatusEvent(string Condition, bool IsWarning, string Reason, string Note);

/// <summary>Which change of a status is worth an event: what users must know without asking; pure.</summary>
internal static class EventRules
{
    private static readonly string[] Types = [ConditionTypes.Accepted, ConditionTypes.Programmed];

    /// <param name="known">What the cluster had.</param>
    /// <param name="next">What it has now.</param>
    /// <param name="wasFalse">Conditions that an event has told to be false, and none since to be true.</param>
    public static IEnumerable<StatusEvent> Of(JsonObject? known, JsonObject next, IReadOnlySet<string> wasFalse)
    {
        var isRefused = Status(Worst(next, ConditionTypes.Accepted)) == "False";
        foreach (var type in Types)
        {
            var (before, after) = (Worst(known, type), Worst(next, type));
            if (Status(after) == "False")
            {
                // What is not accepted is not in force either: one event says it.
                var isSaid = type == ConditionTypes.Programmed && isRefused;
                if (!isSaid && (Status(before) != "False" || Text(before, "reason") != Text(after, "reason")))
                {
                    yield return Event(type, isWarning: true, after!); // It has a status.
                }
            }
            else if (Status(after) == "True" && wasFalse.Contains(type))
            {
                yield return Event(type, isWarning: false, after!); // It has a status.
            }
        }
    }

    /// <summary>Conditions that are false.</summary>
    public static IEnumerable<string> False(JsonObject? status) => Types.Where(type => Status(Worst(status, type)) == "False");

    /// <summary>Conditions that are true.</summary>
    public static IEnumerable<string> True(JsonObject status) => Types.Where(type => Status(Worst(status, type)) == "True");

    private static StatusEvent Event(string type, bool isWarning, JsonObject condition) =>
        new(type, isWarning, Text(condition, "reason"), Text(condition, "message"));

    /// <summary>Of a route it is the worst of its parents.</summary>
    private static JsonObject? Worst(JsonObject? status, string type)
    {
        var sets = (status?["parents"] as JsonArray ?? [])
            .Select(parent => parent?["conditions"] as JsonArray)
            .Append(status?["conditions"] as JsonArray);
        return sets
            .Select(conditions => StatusJson.Find(conditions, type))
            .OfType<JsonObject>()
            .OrderBy(condition => Status(condition) switch { "False" => 0, "Unknown" => 1, _ => 2 })
            .FirstOrDefault();
    }

    private static string Status(JsonObject? condition) => Text(condition, "status");

    private static string Text(JsonObject? condition, string field) => (string?)condition?[field] ?? string.Empty;
}
