// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Status;

namespace Mesh.Operator.Kubernetes;

/// <summary>A condition of ours with the time that it has unless the cluster knows an earlier one.</summary>
internal sealed record TimedCondition(ConditionState State, DateTime Time);

/// <summary>Conditions as the API has them.</summary>
internal static class StatusJson
{
    /// <summary>Sorted by type: then equal statuses are equal texts.</summary>
    /// <param name="conditions">What is so.</param>
    /// <param name="generation">The generation that was judged.</param>
    /// <param name="existing">What the cluster has: a condition of unchanged status keeps its time.</param>
    public static JsonArray Conditions(IEnumerable<TimedCondition> conditions, long generation, JsonArray? existing) => new(
    [
        .. conditions
            .OrderBy(condition => condition.State.Type, StringComparer.Ordinal)
            .Select(condition => Condition(condition, generation, Find(existing, condition.State.Type))),
    ]);

    /// <summary>What was judged, with the times at which it came to be so.</summary>
    public static IEnumerable<TimedCondition> Timed(ScopeStatus scope, IReadOnlyList<Condition>? stamped, DateTime now) =>
        scope.Conditions.Select(state => new TimedCondition(
            state, stamped?.FirstOrDefault(condition => condition.Type == state.Type)?.LastTransitionTime ?? now));

    /// <summary>Our conditions among those of the cluster, sorted by type; others are left to whoever wrote them.</summary>
    public static JsonArray Own(JsonArray? existing, IReadOnlySet<string> types) => new(
    [
        .. (existing ?? [])
            .OfType<JsonObject>()
            .Where(condition => types.Contains((string?)condition["type"] ?? string.Empty))
            .OrderBy(condition => (string?)condition["type"], StringComparer.Ordinal)
            .Select(condition => condition.DeepClone()),
    ]);

    public static JsonObject? Find(JsonArray? conditions, string type) =>
        conditions?.OfType<JsonObject>().FirstOrDefault(condition => (string?)condition["type"] == type);

    public static string Time(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>Null for what is no time.</summary>
    public static DateTimeOffset? ReadTime(JsonNode? node) =>
        DateTimeOffset.TryParse((string?)node, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static JsonObject Condition(TimedCondition condition, long generation, JsonObject? existing)
    {
        var state = condition.State;
        var status = state.Status.ToString();
        var time = (string?)existing?["status"] == status && ReadTime(existing["lastTransitionTime"]) is not null
            ? (string?)existing["lastTransitionTime"]
            : Time(condition.Time);
        return new JsonObject
        {
            ["type"] = state.Type,
            ["status"] = status,
            ["observedGeneration"] = generation,
            ["lastTransitionTime"] = time,
            ["reason"] = state.Reason,
            ["message"] = state.Message,
        };
    }
}
