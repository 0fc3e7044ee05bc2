// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Admission;

/// <summary>Puts into words what a change does to other objects, and they to it. Pure; equal input gives equal words in equal order.</summary>
internal static class EffectReport
{
    private const int MostNamed = 3;

    public static ImmutableArray<string> Write(ObjectKey changed, RuleView before, RuleView after) =>
    [
        .. Findings(changed, after),
        .. RouteEffects.Write(changed, before, after),
        .. Overridden(changed, before, after),
    ];

    /// <summary>"a, b, c and 4 more".</summary>
    public static string Join(IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).ToArray();
        var shown = string.Join(", ", all.Take(MostNamed));
        return all.Length > MostNamed ? $"{shown} and {all.Length - MostNamed} more" : shown;
    }

    /// <summary>What its status will say: a target that does not exist, an older policy that stays in force.</summary>
    private static IEnumerable<string> Findings(ObjectKey changed, RuleView after) => after.FindingsOf(changed)
        .Select(finding => finding.Path.Length == 0 ? finding.Message : $"{finding.Path}: {finding.Message}")
        .Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Overridden(ObjectKey changed, RuleView before, RuleView after)
    {
        var lost = before.Owners
            .SelectMany(place => place.Value.Select(owner => (Place: place.Key, Feature: owner.Key, Owner: owner.Value)))
            .Where(was => IsAnothers(was.Owner, changed) && IsLost(was, after))
            .ToArray();
        var onPorts = lost.Where(was => was.Place.Rule is null).Select(was => (was.Place.Port, was.Feature, was.Owner)).ToHashSet();

        // What a port loses its rules lose with it.
        return lost
            .Where(was => was.Place.Rule is null || !onPorts.Contains((was.Place.Port, was.Feature, was.Owner)))
            .GroupBy(was => (was.Owner, Where: Target(was.Place)))
            .GroupBy(group => (group.Key.Owner, Features: FeatureList(group.Select(was => was.Feature))))
            .OrderBy(group => group.Key.Owner)
            .ThenBy(group => group.Key.Features, StringComparer.Ordinal)
            .Select(group => $"overrides {group.Key.Features} of {group.Key.Owner} for {Join(group.Select(g => g.Key.Where).Order(StringComparer.Ordinal))}");
    }

    /// <summary>The defaults of the mesh are there to be overridden, and the object's own former self is nobody else.</summary>
    private static bool IsAnothers(ObjectKey owner, ObjectKey changed) => owner != changed && owner.Kind != "Mesh";

    private static bool IsLost((Place Place, string Feature, ObjectKey Owner) was, RuleView after) =>
        after.Owners.TryGetValue(was.Place, out var owners) && (!owners.TryGetValue(was.Feature, out var owner) || owner != was.Owner);

    private static string Target(Place place) => place.Rule is { } rule ? $"{rule.Route}" : $"Service {place.Port.Service}";

    private static string FeatureList(IEnumerable<string> features)
    {
        var named = features.ToHashSet(StringComparer.Ordinal);
        var all = RuleView.Features.Select(feature => feature.Name).Where(named.Contains).ToArray();
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }
}
