// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Admission;

/// <summary>Which routes a change takes requests from, and which take them from it.</summary>
internal static class RouteEffects
{
    public static IEnumerable<string> Write(ObjectKey changed, RuleView before, RuleView after) =>
    [
        .. Replaced(changed, before, after),
        .. TakenFromProducers(changed, before, after),
        .. Shadowed(changed, after),
    ];

    /// <summary>Requests that another route got before: all of them (a GRPCRoute displaces, GEP-1294), or those of equal matches.</summary>
    private static IEnumerable<string> Replaced(ObjectKey changed, RuleView before, RuleView after)
    {
        var lost = new SortedDictionary<ObjectKey, (SortedSet<string> Wholly, SortedSet<string> Partly)>();
        foreach (var (scope, was) in before.Matches)
        {
            var had = First(was);
            var has = First(after.Matches.GetValueOrDefault(scope) ?? []);
            foreach (var route in had.Values.Select(claim => claim.Rule.Route).Where(route => route != changed).Distinct())
            {
                var mine = had.Where(pair => pair.Value.Rule.Route == route).Select(pair => pair.Key).ToArray();
                var left = mine.Count(match => has.GetValueOrDefault(match)?.Rule.Route == route);
                if (left < mine.Length)
                {
                    if (!lost.TryGetValue(route, out var places))
                    {
                        lost.Add(route, places = (new(StringComparer.Ordinal), new(StringComparer.Ordinal)));
                    }

                    (left == 0 ? places.Wholly : places.Partly).Add(Target(scope));
                }
            }
        }

        foreach (var (route, (wholly, partly)) in lost)
        {
            if (wholly.Count > 0)
            {
                yield return $"replaces the routes of {route} for {EffectReport.Join(wholly)}";
            }

            if (partly.Count > 0)
            {
                yield return $"replaces some routes of {route} for {EffectReport.Join(partly)}: they have the same matches and come later";
            }
        }
    }

    /// <summary>The first consumer route of a namespace takes its clients away from the producer's routes (GEP-1294).</summary>
    private static SortedSet<string> TakenFromProducers(ObjectKey changed, RuleView before, RuleView after)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var scope in after.Matches.Keys.Where(scope => scope.Client.Length > 0 && !before.Matches.ContainsKey(scope)))
        {
            var producers = before.Matches.GetValueOrDefault((scope.Port, "")) ?? [];
            found.UnionWith(producers
                .Select(claim => claim.Rule.Route)
                .Where(route => route != changed)
                .Select(route => $"replaces the routes of {route} for {Target(scope)}"));
        }

        return found;
    }

    /// <summary>Matches of the object that no request will ever reach, since another route with the same ones goes first.</summary>
    private static SortedSet<string> Shadowed(ObjectKey changed, RuleView after)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (scope, claims) in after.Matches)
        {
            var first = First(claims);
            foreach (var claim in claims.Where(claim => claim.Rule.Route == changed))
            {
                if (first[claim.Match].Rule.Route is var winner && winner != changed)
                {
                    found.Add(string.Create(
                        CultureInfo.InvariantCulture,
                        $"spec.rules[{claim.Rule.Index}].matches[{claim.Index}]: {winner} has the same match for {Target(scope)} and comes first"));
                }
            }
        }

        return found;
    }

    private static Dictionary<RouteMatch, ClaimedMatch> First(IReadOnlyList<ClaimedMatch> claims)
    {
        var first = new Dictionary<RouteMatch, ClaimedMatch>();
        foreach (var claim in claims)
        {
            first.TryAdd(claim.Match, claim);
        }

        return first;
    }

    private static string Target((ServicePortName Port, string Client) scope) => scope.Client.Length == 0
        ? $"Service {scope.Port.Service}"
        : $"Service {scope.Port.Service} and clients in namespace {scope.Client}";
}
