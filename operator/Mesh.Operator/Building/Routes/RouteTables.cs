// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

/// <summary>Which routes rule which service port, after the kinds of routes have been told apart.</summary>
internal sealed class RouteTables
{
    private const string TwoPorts = "give them different ports, or write both as one kind of route";

    private static readonly IReadOnlyList<CompiledRoute> NoRoutes = [];

    private readonly Dictionary<ServicePortName, SortedDictionary<string, List<CompiledRoute>>> byPort = [];

    /// <summary>Routes on a port by client namespace; "" stands for the producer's. None where the port has no route.</summary>
    public IEnumerable<(string ClientNamespace, IReadOnlyList<CompiledRoute> Routes)> On(ServicePortName port) =>
        byPort.TryGetValue(port, out var scopes) ? scopes.Select(pair => (pair.Key, (IReadOnlyList<CompiledRoute>)pair.Value)) : [];

    public IReadOnlyList<CompiledRoute> Producer(ServicePortName port) =>
        byPort.TryGetValue(port, out var scopes) && scopes.TryGetValue("", out var routes) ? routes : NoRoutes;

    /// <summary>GRPCRoutes displace HTTPRoutes on one port and scope (GEP-1294); the displaced ones hear of it.</summary>
    public static RouteTables Build(IReadOnlyList<CompiledRoute> routes, FindingTable findings)
    {
        var tables = new RouteTables();
        var claims = routes
            .SelectMany(route => route.Attachments.Select(attachment => (Route: route, Attachment: attachment)))
            .GroupBy(claim => (claim.Attachment.Port, Client: claim.Attachment.ClientNamespace ?? ""))
            .ToDictionary(group => group.Key, group => group.OrderBy(claim => claim.Route.Source).ToArray());
        var winners = claims.ToDictionary(
            pair => pair.Key, pair => pair.Value.Select(claim => claim.Route).FirstOrDefault(route => route.Kind == RouteKind.Grpc));
        foreach (var ((port, client), claimants) in claims)
        {
            var grpc = winners[(port, client)];
            tables.Scope(port, client).AddRange(
                claimants.Select(claim => claim.Route).Where(route => grpc is null || route.Kind == RouteKind.Grpc));
        }

        foreach (var route in routes.Where(route => route.Kind == RouteKind.Http))
        {
            ReportDisplaced(route, attachment => winners[(attachment.Port, attachment.ClientNamespace ?? "")]?.Source, findings);
        }

        return tables;
    }

    private static void ReportDisplaced(CompiledRoute route, Func<Attachment, UserObject?> winnerOf, FindingTable findings)
    {
        var isPolicy = route.Source.Key.Kind == "TrafficPolicy";
        // A route has conditions for each parent, a policy for itself.
        foreach (var parent in route.Attachments.GroupBy(attachment => isPolicy ? 0 : attachment.Parent))
        {
            var lost = parent.Where(attachment => winnerOf(attachment) is not null).ToArray();
            if (lost.Length == 0)
            {
                continue;
            }

            var winner = winnerOf(lost[0]);
            var ports = string.Join(", ", lost.Select(attachment => attachment.Port.ToString()));
            findings.Add(route.Source, new Finding(
                route.Source.Reference,
                isPolicy ? null : parent.Key,
                FindingCondition.Accepted,
                Reasons.Conflicted,
                isPolicy ? "spec.rules" : $"spec.parentRefs[{parent.Key}]",
                $"{winner?.Key} is attached to {ports} as well, and a GRPCRoute displaces rules for HTTP on one port: {TwoPorts}",
                IsPartial: route.HasFeatures || lost.Length < parent.Count()));
        }
    }

    private List<CompiledRoute> Scope(ServicePortName port, string client)
    {
        if (!byPort.TryGetValue(port, out var scopes))
        {
            byPort.Add(port, scopes = new SortedDictionary<string, List<CompiledRoute>>(StringComparer.Ordinal));
        }

        if (!scopes.TryGetValue(client, out var routes))
        {
            scopes.Add(client, routes = []);
        }

        return routes;
    }
}
