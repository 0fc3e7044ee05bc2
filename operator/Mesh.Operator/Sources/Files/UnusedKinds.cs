// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using Mesh.Crds.Kinds;

namespace Mesh.Operator.Sources.Files;

/// <summary>
/// Tells a mistake from an object that is meant for somebody else: a folder may hold a whole application, of which the mesh takes its part.
/// </summary>
internal static class UnusedKinds
{
    private const int TypoDistance = 2;

    private static readonly FrozenSet<string> OtherCoreKinds = FrozenSet.Create(
        StringComparer.Ordinal,
        "Binding", "ComponentStatus", "ConfigMap", "Endpoints", "Event", "LimitRange", "List", "Node", "PersistentVolume",
        "PersistentVolumeClaim", "PodTemplate", "ReplicationController", "ResourceQuota", "Secret");

    /// <summary>Gateway API's kinds that say nothing of routes between services.</summary>
    private static readonly FrozenSet<string> OtherGatewayKinds = FrozenSet.Create(
        StringComparer.Ordinal, "BackendTLSPolicy", "Gateway", "GatewayClass", "ListenerSet", "ReferenceGrant");

    /// <summary>What is wrong with a kind that the catalog lacks; null when it is meant for somebody else.</summary>
    public static string? Explain(string apiVersion, string kind)
    {
        var group = GroupOf(apiVersion);
        var isForeign = group switch
        {
            "" => OtherCoreKinds.Contains(kind),
            _ when NearestGroup(group) is null => !IsBuiltIn(group) || KindCatalog.All.All(entry => entry.Kind != kind),
            _ => OtherGatewayKinds.Contains(kind) && KindCatalog.All.Any(entry => entry.Group == group && entry.Origin == KindOrigin.GatewayApi),
        };
        return isForeign ? null : $"kind {kind} of {apiVersion} is not used by the mesh: {Advice(group, kind)}";
    }

    private static string Advice(string group, string kind)
    {
        var near = KindCatalog.All
            .Select(entry => (Entry: entry, Distance: Distance(entry.Kind, kind)))
            .Where(pair => pair.Distance <= TypoDistance)
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => Distance(pair.Entry.Group, group))
            .Select(pair => pair.Entry)
            .FirstOrDefault();
        return near is not null
            ? $"{near.Kind} of {near.ApiVersion} is"
            : $"its kinds are {string.Join(", ", KindCatalog.All.Select(entry => entry.Kind).Order(StringComparer.Ordinal))}";
    }

    private static string GroupOf(string apiVersion)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? "" : apiVersion[..slash];
    }

    // Groups of Kubernetes itself: "apps", "batch", "discovery.k8s.io".
    private static bool IsBuiltIn(string group) => !group.Contains('.', StringComparison.Ordinal) || group.EndsWith(".k8s.io", StringComparison.Ordinal);

    private static string? NearestGroup(string group) => KindCatalog.All
        .Where(entry => entry.Origin != KindOrigin.Core)
        .Select(entry => entry.Group)
        .FirstOrDefault(own => Distance(own, group) <= TypoDistance);

    /// <summary>Letters, whatever their case, to insert, remove or replace (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > TypoDistance)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
