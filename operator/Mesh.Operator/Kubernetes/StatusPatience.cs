// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Mesh.Operator.Kubernetes;

/// <summary>What the patience with a write is measured from.</summary>
/// <param name="Term">When this leader began.</param>
/// <param name="Since">When the object first differed from what was written.</param>
/// <param name="Written">When it was written last in this term; null before.</param>
internal sealed record StatusTimes(DateTimeOffset Term, DateTimeOffset Since, DateTimeOffset? Written);

/// <summary>
/// When a difference between the cluster and what is so is worth a write; pure. A status that is on its way to another one (a proxy has yet to
/// answer, the proxies have yet to come back to a new leader) would be two writes and a false alarm.
/// </summary>
internal static class StatusPatience
{
    private const string Unknown = "Unknown";

    /// <param name="known">Our part of what the cluster has; null when it has none.</param>
    /// <param name="next">What it should be.</param>
    /// <param name="times">What has been.</param>
    /// <param name="options">How long to wait.</param>
    public static DateTimeOffset Due(JsonObject? known, JsonObject next, StatusTimes times, StatusWriteOptions options)
    {
        var before = Conditions(known);
        var after = Conditions(next);
        if (known is not null && before.Count != after.Count)
        {
            return times.Since;
        }

        // What is on its way takes the rest of its object with it; a verdict is told at once.
        var verdict = after.Exists(condition => Text(condition, "status") == Unknown) ? times.Since + options.Underway : times.Since;
        var due = after
            .Select((condition, i) => Due(known is null ? null : before[i], condition, verdict))
            .OfType<DateTimeOffset>()
            .Select(date => date == DateTimeOffset.MaxValue ? Later(times.Since + options.Doubt, times.Term + options.Return) : date)
            .ToList();

        // Without any such condition it is counts and words.
        return due.Count > 0 ? due.Min() : Details(known, next, times, options);
    }

    /// <summary>How long a report of an object is waited for that has a status of ours; null where it has none that could be left over.</summary>
    public static TimeSpan? Unreported(StatusKind kind, KnownStatus known, StatusWriteOptions options) => kind.Shape switch
    {
        StatusShape.Node => TimeSpan.Zero,
        StatusShape.Route when known.Status?["parents"] is JsonArray { Count: > 0 } => options.Doubt,
        StatusShape.Route or StatusShape.Policy => null,
    };

    /// <summary>Proxies that went away may be on their way to another replica; and those of a new leader have yet to come back and use what they have.</summary>
    private static DateTimeOffset Details(JsonObject? known, JsonObject next, StatusTimes times, StatusWriteOptions options)
    {
        var due = (times.Written ?? DateTimeOffset.MinValue) + options.Details;
        var (before, after) = (Desired(known), Desired(next));
        due = after < before ? Later(due, times.Since + options.Away) : due;
        return times.Written is null && after <= before ? Later(due, times.Term + options.Return) : due;
    }

    /// <summary>Routes have no counts.</summary>
    private static int Desired(JsonObject? status) => (int?)status?["proxies"]?["desired"] ?? 0;

    /// <summary>The same for a node.</summary>
    public static DateTimeOffset DueOfNode(JsonObject? known, JsonObject next, StatusTimes times, StatusWriteOptions options) =>
        known is null || !MeshNodeBody.IsProgress(known, next)
            ? Due(known, next, times, options)
            : (times.Written ?? DateTimeOffset.MinValue) + options.NodeProgress;

    /// <summary>Null for a condition that is as it was, the end of time for one in doubt.</summary>
    private static DateTimeOffset? Due(JsonObject? before, JsonObject after, DateTimeOffset verdict)
    {
        var isSameGeneration = before is not null && JsonNode.DeepEquals(before["observedGeneration"], after["observedGeneration"]);
        if (isSameGeneration && Text(before, "status") == Text(after, "status") && Text(before, "reason") == Text(after, "reason"))
        {
            return null;
        }

        return isSameGeneration && Text(after, "status") == Unknown && Text(before, "status") != Unknown ? DateTimeOffset.MaxValue : verdict;
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static List<JsonObject> Conditions(JsonObject? status) =>
    [
        .. (status?["conditions"] as JsonArray ?? []).OfType<JsonObject>(),
        .. (status?["parents"] as JsonArray ?? []).OfType<JsonObject>().SelectMany(parent => (parent["conditions"] as JsonArray ?? []).OfType<JsonObject>()),
    ];

    private static string? Text(JsonObject? condition, string field) => (string?)condition?[field];
}
