// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Building;

namespace Mesh.Tests.Building;

/// <summary>Equality of whole results, whose dictionaries compare by reference.</summary>
internal static class BuildResults
{
    /// <summary>Names the first part in which two results differ; empty where they are equal.</summary>
    public static string Difference(BuildResult left, BuildResult right) =>
        left.Resources.Revision != right.Resources.Revision ? "revision"
        : !Same(left.Model.Services, right.Model.Services) ? "services"
        : !Same(left.Model.Endpoints, right.Model.Endpoints) ? "endpoints"
        : left.Model.Workloads != right.Model.Workloads ? "workloads"
        : !Same(left.Model.Zones, right.Model.Zones) ? "zones"
        : left.Model.Settings != right.Model.Settings ? "settings"
        : !Same(left.Findings, right.Findings) ? "findings"
        : !Same(left.Contributions, right.Contributions) ? "contributions"
        : "";

    private static bool Same<TKey, TValue>(ImmutableDictionary<TKey, TValue> left, ImmutableDictionary<TKey, TValue> right)
        where TKey : notnull => left.Count == right.Count
        && left.All(pair => right.TryGetValue(pair.Key, out var other) && EqualityComparer<TValue>.Default.Equals(pair.Value, other));
}
