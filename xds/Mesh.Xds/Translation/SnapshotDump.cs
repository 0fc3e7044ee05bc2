// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Translation;

/// <summary>A snapshot's resources for people to read: one JSON object per resource, sorted by type and name.</summary>
public static class SnapshotDump
{
    public static IEnumerable<(ResourceKey Key, JsonNode Resource)> Resources(NodeSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        foreach (var type in ResourceTypes.PushOrder)
        {
            foreach (var (_, resource) in snapshot[type].Resources.OrderBy(r => r.Key, StringComparer.Ordinal))
            {
                yield return (resource.Key, ToNode(resource));
            }
        }
    }

    public static JsonNode ToNode(EncodedResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return EnvoyJson.ToNode(resource.Message);
    }
}
