// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Status;

/// <summary>
/// The state of one user object, as far as it can be told without a clock: the writer adds the transition times.
/// </summary>
public sealed record ObjectStatus
{
    public required ObjectKey Key { get; init; }

    /// <summary>The generation that was judged.</summary>
    public required long Generation { get; init; }

    /// <summary>What the object applies to, <c>Service/cart</c>.</summary>
    public required string Target { get; init; }

    /// <summary>One for a policy; for a route one for each Service among its parents.</summary>
    public required EquatableArray<ScopeStatus> Scopes { get; init; }

    public required ProxySummary Proxies { get; init; }

    /// <summary>Which object of this name it is, where a cluster tells: one that was deleted and made anew has no status yet.</summary>
    public string? Uid { get; init; }

    /// <summary>For a node: what else is told of it.</summary>
    public NodeState? Node { get; init; }
}

/// <summary>Conditions of a whole policy, or of a route at one parent.</summary>
/// <param name="Parent">Null for a policy.</param>
/// <param name="Conditions">Accepted, ResolvedRefs and Programmed, in this order.</param>
public sealed record ScopeStatus(ParentReference? Parent, EquatableArray<ConditionState> Conditions);

/// <summary>A condition without its time.</summary>
public sealed record ConditionState(string Type, ConditionStatus Status, string Reason, string Message);

/// <summary>Counts of proxies.</summary>
/// <param name="Desired">Connected proxies that the object is meant for.</param>
/// <param name="Applied">Those on which this generation is in force.</param>
/// <param name="Rejected">Those that refused this generation.</param>
public sealed record ProxySummary(int Desired, int Applied, int Rejected)
{
    public override string ToString() => $"{Applied}/{Desired}";
}

/// <summary>Names of the conditions that every policy and route carries.</summary>
public static class ConditionTypes
{
    public const string Accepted = "Accepted";
    public const string ResolvedRefs = "ResolvedRefs";
    public const string Programmed = "Programmed";
}
