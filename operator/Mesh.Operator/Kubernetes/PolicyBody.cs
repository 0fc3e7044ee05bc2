// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Operator.Status;

namespace Mesh.Operator.Kubernetes;

/// <summary>The status of a Mesh or TrafficPolicy as it is in the cluster; pure.</summary>
internal static class PolicyBody
{
    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        ConditionTypes.Accepted, ConditionTypes.ResolvedRefs, ConditionTypes.Programmed, SummaryConditions.Ready, SummaryConditions.Stalled,
    };

    public static JsonObject Of(StatusDocument document, JsonObject? existing, DateTime now)
    {
        var status = document.Status;
        var scope = status.Scopes[0];
        var conditions = StatusJson.Timed(scope, document.Policy?.Conditions, now)
            .Append(new TimedCondition(SummaryConditions.ReadyOf(scope.Conditions), now));
        if (SummaryConditions.StalledOf(scope.Conditions) is { } stalled)
        {
            conditions = conditions.Append(new TimedCondition(stalled, now));
        }

        return new JsonObject
        {
            ["conditions"] = StatusJson.Conditions(conditions, status.Generation, existing?["conditions"] as JsonArray),
            ["observedGeneration"] = status.Generation,
            ["proxies"] = new JsonObject
            {
                ["desired"] = status.Proxies.Desired,
                ["applied"] = status.Proxies.Applied,
                ["rejected"] = status.Proxies.Rejected,
            },
            ["summary"] = new JsonObject { ["proxies"] = status.Proxies.ToString(), ["target"] = status.Target },
        };
    }

    /// <summary>What of the cluster's status is ours.</summary>
    public static JsonObject? Own(JsonObject? existing)
    {
        if (existing is null || existing.Count == 0)
        {
            return null;
        }

        var own = (JsonObject)existing.DeepClone();
        own["conditions"] = StatusJson.Own(existing["conditions"] as JsonArray, Types);
        return own;
    }
}
