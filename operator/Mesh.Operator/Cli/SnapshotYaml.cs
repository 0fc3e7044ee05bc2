// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Mesh.Crds.Schema;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation;

namespace Mesh.Operator.Cli;

/// <summary>A snapshot's resources of one type as YAML documents, sorted by name.</summary>
internal static class SnapshotYaml
{
    public static string Of(NodeSnapshot snapshot, ResourceType type)
    {
        var text = new StringBuilder();
        foreach (var resource in snapshot[type].Resources.Values.OrderBy(resource => resource.Key.Name, StringComparer.Ordinal))
        {
            text.Append("--- # ").Append(type).Append(' ').Append(resource.Key.Name);
            text.Append(resource.OnDemand ? " (on demand)" : string.Empty);
            text.Append(resource.Origins.Refs.IsEmpty ? "\n" : $" from {string.Join(", ", resource.Origins.Refs)}\n");
            text.Append(YamlText.Of(SnapshotDump.ToNode(resource).AsObject()));
        }

        return text.ToString();
    }
}
