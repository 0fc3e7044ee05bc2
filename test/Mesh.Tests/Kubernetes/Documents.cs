// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;

namespace Mesh.Tests.Kubernetes;

/// <summary>Reported statuses, as the writer gets them.</summary>
internal static class Documents
{
    public static readonly DateTime Noon = new(2026, 11, 26, 12, 0, 0, DateTimeKind.Utc);

    public static readonly ObjectKey PolicyKey = new("TrafficPolicy", "shop", "cart");

    public static readonly ParentReference Cart = new() { Group = "", Kind = "Service", Name = "cart" };

    public static ConditionState Condition(string type, ConditionStatus status, string? reason = null) =>
        new(type, status, reason ?? (status == ConditionStatus.True ? type : "Pending"), $"{type} is {status}.");

    public static ConditionState[] Conditions(ConditionStatus programmed, string? reason = null) =>
    [
        Condition(ConditionTypes.Accepted, ConditionStatus.True),
        Condition(ConditionTypes.ResolvedRefs, ConditionStatus.True),
        Condition(ConditionTypes.Programmed, programmed, reason),
    ];

    public static StatusDocument Policy(ConditionStatus programmed = ConditionStatus.True, long generation = 1, DateTime? at = null, string? reason = null) =>
        Stamped(Status(PolicyKey, generation, new ScopeStatus(Parent: null, Conditions(programmed, reason).ToEquatableArray())), at);

    public static StatusDocument Named(string name) => Stamped(
        Status(PolicyKey with { Name = name }, 1, new ScopeStatus(Parent: null, Conditions(ConditionStatus.True).ToEquatableArray())), at: null);

    public static StatusDocument Route(params ParentReference[] parents) => Stamped(
        Status(
            new ObjectKey("HTTPRoute", "shop", "cart"),
            1,
            [.. parents.Select(parent => new ScopeStatus(parent, Conditions(ConditionStatus.True).ToEquatableArray()))]),
        at: null);

    /// <summary>A node whose proxy was given <paramref name="version"/>.</summary>
    public static StatusDocument Node(string version, bool isCurrent = true, StatusDocument? previous = null, DateTime? at = null) => StatusDocuments.Of(
        Status(
            new ObjectKey("MeshNode", "", "n1"),
            0,
            new ScopeStatus(Parent: null, Conditions(ConditionStatus.True).ToEquatableArray())) with
        {
            Node = new NodeState
            {
                ProxyVersion = "1.40.0",
                Capture = CaptureMode.Redirect,
                Zone = "",
                Workloads = 3,
                ConfigVersion = version,
                IsCurrent = isCurrent,
                RejectedCount = 0,
                Rejected = [],
            },
        },
        previous,
        at ?? Noon);

    /// <summary>The condition of a status in the cluster.</summary>
    public static JsonObject Of(JsonObject? status, string type) =>
        (JsonObject)status!["conditions"]!.AsArray().Single(condition => (string?)condition!["type"] == type)!;

    private static StatusDocument Stamped(ObjectStatus status, DateTime? at) => StatusDocuments.Of(status, previous: null, at ?? Noon);

    private static ObjectStatus Status(ObjectKey key, long generation, params ScopeStatus[] scopes) => new()
    {
        Key = key,
        Generation = generation,
        Target = "Service/cart",
        Scopes = scopes.ToEquatableArray(),
        Proxies = new ProxySummary(2, 2, 0),
    };
}
