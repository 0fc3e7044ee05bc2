// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building;
using Mesh.Operator.Status;

namespace Mesh.Operator.Kubernetes;

/// <summary>The status of a MeshNode as it is in the cluster; pure.</summary>
internal static class MeshNodeBody
{
    public const string Connected = "Connected";
    public const string Disconnected = "Disconnected";

    private const string Config = "config";

    private static readonly HashSet<string> Types = new(StringComparer.Ordinal) { Connected, ConditionTypes.Programmed, SummaryConditions.Ready };

    /// <param name="document">The node with its proxy.</param>
    /// <param name="existing">What the cluster has.</param>
    /// <param name="generation">Of the object.</param>
    /// <param name="unanswered">How long the proxy may owe an answer.</param>
    /// <param name="now">The time.</param>
    public static JsonObject Of(StatusDocument document, JsonObject? existing, long generation, TimeSpan unanswered, DateTime now)
    {
        var node = document.Status.Node!; // StatusKind lets nothing else through.
        var connected = new ConditionState(Connected, ConditionStatus.True, Connected, "The proxy is connected.");
        var programmed = Programmed(document, unanswered, now);
        var since = document.Policy?.Conditions?[0].LastTransitionTime ?? now;
        var status = new JsonObject
        {
            ["conditions"] = Conditions([new(connected, since), new(programmed, now)], generation, existing, now),
            ["observedGeneration"] = generation,
            ["proxyVersion"] = node.ProxyVersion,
            [Config] = ConfigOf(document.Progress, node, existing),
            ["rejectedCount"] = node.RejectedCount,
        };
        if (node.Capture is { } capture)
        {
            status["captureMode"] = capture.ToString();
        }

        if (node.Zone.Length > 0)
        {
            status["zone"] = node.Zone;
        }

        if (!node.Rejected.IsEmpty)
        {
            status["rejected"] = new JsonArray([.. node.Rejected.Select(Rejection)]);
        }

        return status;
    }

    /// <summary>The node after its proxy went away: what was known last, and since when it is so no more.</summary>
    public static JsonObject Gone(JsonObject? existing, long generation, DateTime at)
    {
        var status = existing is null ? [] : (JsonObject)existing.DeepClone();
        var connected = new ConditionState(Connected, ConditionStatus.False, Disconnected, "The proxy has no connection to the operator.");
        var programmed = new ConditionState(
            ConditionTypes.Programmed, ConditionStatus.Unknown, Disconnected, "What the proxy has was known last while it was connected.");
        status["conditions"] = Conditions([new(connected, at), new(programmed, at)], generation, existing, at);
        status["observedGeneration"] = generation;
        return status;
    }

    /// <summary>When the proxy went away; null when the cluster says that it is connected, or nothing.</summary>
    public static DateTimeOffset? GoneSince(JsonObject? existing) =>
        StatusJson.Find(existing?["conditions"] as JsonArray, Connected) is { } condition && (string?)condition["status"] == "False"
            ? StatusJson.ReadTime(condition["lastTransitionTime"])
            : null;

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

    /// <summary>Nothing but the configuration has moved on.</summary>
    public static bool IsProgress(JsonObject known, JsonObject next) => JsonNode.DeepEquals(WithoutConfig(known), WithoutConfig(next));

    private static JsonArray Conditions(TimedCondition[] conditions, long generation, JsonObject? existing, DateTime now)
    {
        var ready = SummaryConditions.ReadyOf([.. conditions.Select(condition => condition.State)]);
        return StatusJson.Conditions([.. conditions, new(ready, now)], generation, existing?["conditions"] as JsonArray);
    }

    private static ConditionState Programmed(StatusDocument document, TimeSpan unanswered, DateTime now)
    {
        var told = document.Status.Scopes[0].Conditions.First(condition => condition.Type == ConditionTypes.Programmed);
        if (told.Status != ConditionStatus.True)
        {
            return told;
        }

        var progress = document.Progress;
        return progress switch
        {
            { AcknowledgedTime: null } => told with
            {
                Status = ConditionStatus.Unknown,
                Reason = Reasons.Pending,
                Message = "The proxy has not acknowledged any configuration yet.",
            },
            { PendingSince: { } since } when now - since >= unanswered => told with
            {
                Status = ConditionStatus.Unknown,
                Reason = Reasons.Pending,
                Message = $"The proxy owes an answer since {StatusJson.Time(since)}.",
            },
            _ => told,
        };
    }

    /// <summary>The same configuration was acknowledged when it was acknowledged first, whoever led then.</summary>
    private static JsonObject ConfigOf(NodeProgress? progress, NodeState node, JsonObject? existing)
    {
        var config = new JsonObject { ["workloads"] = node.Workloads };
        if (progress is { AcknowledgedTime: { } time, AcknowledgedVersion: var version })
        {
            var known = existing?[Config];
            config["version"] = version;
            config["acknowledgedTime"] = (string?)known?["version"] == version && (string?)known?["acknowledgedTime"] is { } before ? before : StatusJson.Time(time);
        }

        return config;
    }

    private static JsonObject Rejection(NodeRejection rejection) => new()
    {
        ["resource"] = rejection.Resource,
        ["reason"] = rejection.Reason,
        ["message"] = rejection.Message,
    };

    private static JsonObject WithoutConfig(JsonObject status)
    {
        var rest = (JsonObject)status.DeepClone();
        rest.Remove(Config);
        return rest;
    }
}
