// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Building.Facts;

namespace Mesh.Operator.Building.Routes;

/// <summary>GRPCRoutes displace HTTPRoutes on one port and scope (GEP-1294); the displaced ones hear of it.</summary>
internal static class DisplacedChecks
{
    private const string TwoPorts = "give them different ports, or write both as one kind of route";

    public static IEnumerable<Finding> Of(CompiledRoute route, Lookups lookups)
    {
        if (route.Kind != RouteKind.Http)
        {
            yield break;
        }

        var isPolicy = route.Source.Key.Kind == "TrafficPolicy";
        // A route has conditions for each parent, a policy for itself.
        foreach (var parent in route.Attachments.GroupBy(attachment => isPolicy ? 0 : attachment.Parent))
        {
            var lost = parent.Where(attachment => lookups.Displacing(attachment.Port, attachment.ClientNamespace ?? "") is not null).ToArray();
            if (lost.Length == 0)
            {
                continue;
            }

            var winner = lookups.Displacing(lost[0].Port, lost[0].ClientNamespace ?? "");
            var ports = string.Join(", ", lost.Select(attachment => attachment.Port.ToString()));
            yield return new Finding(
                route.Source.Reference,
                isPolicy ? null : parent.Key,
                FindingCondition.Accepted,
                Reasons.Conflicted,
                isPolicy ? "spec.rules" : $"spec.parentRefs[{parent.Key}]",
                $"{winner?.Key} is attached to {ports} as well, and a GRPCRoute displaces rules for HTTP on one port: {TwoPorts}",
                IsPartial: route.HasFeatures || lost.Length < parent.Count());
        }
    }
}
