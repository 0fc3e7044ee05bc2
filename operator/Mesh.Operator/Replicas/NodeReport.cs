// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;

namespace Mesh.Operator.Replicas;

/// <summary>The status of a node as replicas tell it to each other.</summary>
internal sealed record NodeReport
{
    public required string Node { get; init; }

    public required string Target { get; init; }

    public required IReadOnlyList<ConditionState> Conditions { get; init; }

    public required ProxySummary Proxies { get; init; }

    /// <summary>Null for an application without a proxy.</summary>
    public NodeStateReport? State { get; init; }

    public static NodeReport Of(ObjectStatus status) => new()
    {
        Node = status.Key.Name,
        Target = status.Target,
        Conditions = [.. status.Scopes[0].Conditions],
        Proxies = status.Proxies,
        State = status.Node is { } node ? NodeStateReport.Of(node) : null,
    };

    public static ObjectKey KeyOf(string node) => new(NodeStatusReporter.Kind, string.Empty, node);

    public ObjectStatus ToStatus() => new()
    {
        Key = KeyOf(Node),
        Generation = 0,
        Target = Target,
        Scopes = [new ScopeStatus(Parent: null, Conditions.ToEquatableArray())],
        Proxies = Proxies,
        Node = State?.ToState(),
    };
}

/// <summary>See <see cref="NodeState"/>.</summary>
internal sealed record NodeStateReport
{
    public required string ProxyVersion { get; init; }

    public CaptureMode? Capture { get; init; }

    /// <summary>Empty where unknown, also to a replica of a version before.</summary>
    public string Zone { get; init; } = "";

    public required int Workloads { get; init; }

    public required string ConfigVersion { get; init; }

    public required bool IsCurrent { get; init; }

    public required int RejectedCount { get; init; }

    public IReadOnlyList<NodeRejection> Rejected { get; init; } = [];

    public static NodeStateReport Of(NodeState state) => new()
    {
        ProxyVersion = state.ProxyVersion,
        Capture = state.Capture,
        Zone = state.Zone,
        Workloads = state.Workloads,
        ConfigVersion = state.ConfigVersion,
        IsCurrent = state.IsCurrent,
        RejectedCount = state.RejectedCount,
        Rejected = [.. state.Rejected],
    };

    public NodeState ToState() => new()
    {
        ProxyVersion = ProxyVersion,
        Capture = Capture,
        Zone = Zone,
        Workloads = Workloads,
        ConfigVersion = ConfigVersion,
        IsCurrent = IsCurrent,
        RejectedCount = RejectedCount,
        Rejected = Rejected.ToEquatableArray(),
    };
}
