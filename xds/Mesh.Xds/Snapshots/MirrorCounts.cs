// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Xds.Translation;

namespace Mesh.Xds.Snapshots;

/// <summary>Counts which ports are the target of mirrors, so that a change of one route looks at no other service.</summary>
internal static class MirrorCounts
{
    public static ImmutableDictionary<ServicePortName, int> Update(
        ImmutableDictionary<ServicePortName, int> counts, IEnumerable<(MeshService? Old, MeshService? New)> services)
    {
        var builder = counts.ToBuilder();
        foreach (var (old, current) in services)
        {
            Add(builder, old, -1);
            Add(builder, current, 1);
        }

        return builder.ToImmutable();
    }

    /// <summary>Ports that are a target in just one of the two.</summary>
    public static IEnumerable<ServicePortName> Differences(
        ImmutableDictionary<ServicePortName, int> older, ImmutableDictionary<ServicePortName, int> newer) =>
        ReferenceEquals(older, newer) ? [] : older.Keys.Where(p => !newer.ContainsKey(p)).Concat(newer.Keys.Where(p => !older.ContainsKey(p)));

    private static void Add(ImmutableDictionary<ServicePortName, int>.Builder counts, MeshService? service, int by)
    {
        foreach (var target in (service?.Ports ?? []).SelectMany(RouteConfigurations.MirrorsOf))
        {
            var count = counts.GetValueOrDefault(target) + by;
            if (count > 0)
            {
                counts[target] = count;
            }
            else
            {
                counts.Remove(target);
            }
        }
    }
}
