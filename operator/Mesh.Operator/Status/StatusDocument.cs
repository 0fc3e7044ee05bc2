// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;

namespace Mesh.Operator.Status;

/// <summary>A status as it is written: the API's own types, with transition times.</summary>
/// <param name="Status">What was reported.</param>
/// <param name="Policy">For a policy, Mesh or unreadable file.</param>
/// <param name="Route">For a route.</param>
public sealed record StatusDocument(ObjectStatus Status, PolicyStatus? Policy, RouteStatus? Route)
{
    /// <summary>For a node: when it came to what it has.</summary>
    public NodeProgress? Progress { get; init; }

    /// <summary>Every condition, of all scopes.</summary>
    public IEnumerable<Condition> AllConditions =>
        (Policy?.Conditions ?? []).Concat((Route?.Parents ?? []).SelectMany(parent => parent.Conditions ?? []));
}

/// <summary>Gives conditions their times: a condition keeps its time until its status changes.</summary>
public static class StatusDocuments
{
    public static StatusDocument Of(ObjectStatus status, StatusDocument? previous, DateTime now)
    {
        if (status.Scopes is [{ Parent: null }])
        {
            var policy = new PolicyStatus
            {
                Conditions = Stamp(status, status.Scopes[0], previous?.Policy?.Conditions, now),
                Proxies = new ProxyCounts
                {
                    Desired = status.Proxies.Desired,
                    Applied = status.Proxies.Applied,
                    Rejected = status.Proxies.Rejected,
                },
                Summary = new StatusSummary { Proxies = status.Proxies.ToString(), Target = status.Target },
            };
            return new StatusDocument(status, policy, Route: null)
            {
                Progress = status.Node is { } node ? NodeProgress.Of(node, previous?.Progress, now) : null,
            };
        }

        var parents = status.Scopes
            .Select(scope => new RouteParentStatus
            {
                ParentRef = scope.Parent,
                ControllerName = ApiGroup.ControllerName,
                Conditions = Stamp(status, scope, Before(previous, scope), now),
            })
            .ToList();
        return new StatusDocument(status, Policy: null, new RouteStatus { Parents = parents });
    }

    private static IReadOnlyList<Condition>? Before(StatusDocument? previous, ScopeStatus scope) =>
        previous?.Route?.Parents?.FirstOrDefault(parent => Equals(parent.ParentRef, scope.Parent))?.Conditions;

    private static List<Condition> Stamp(ObjectStatus status, ScopeStatus scope, IReadOnlyList<Condition>? before, DateTime now) =>
        scope.Conditions
            .Select(state =>
            {
                var old = before?.FirstOrDefault(condition => condition.Type == state.Type);
                return new Condition
                {
                    Type = state.Type,
                    Status = state.Status,
                    ObservedGeneration = status.Generation,
                    LastTransitionTime = old?.Status == state.Status ? old.LastTransitionTime : now,
                    Reason = state.Reason,
                    Message = state.Message,
                };
            })
            .ToList();
}
