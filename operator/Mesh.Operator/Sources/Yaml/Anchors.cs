// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace Mesh.Operator.Sources.Yaml;

/// <summary>The anchors of one document. A node can be named by an alias once it is whole, so there are no cycles.</summary>
internal sealed class Anchors
{
    private readonly Dictionary<AnchorName, (JsonNode? Node, NodeSize Size)> named = [];
    private readonly Stack<(AnchorName Name, JsonNode Node)> open = new();

    public void Start(AnchorName name, JsonNode container) => open.Push((name, container));

    public void End()
    {
        var (name, node) = open.Pop();
        Name(name, node);
    }

    public void Name(AnchorName name, JsonNode? node)
    {
        if (!name.IsEmpty)
        {
            named[name] = (node, Measure(node));
        }
    }

    public bool TryFind(AnchorName name, out JsonNode? node, out NodeSize size)
    {
        var isFound = named.TryGetValue(name, out var found);
        (node, size) = found;
        return isFound;
    }

    public bool IsOpen(AnchorName name) => open.Any(o => o.Name == name);

    private static NodeSize Measure(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject mapping:
                return mapping.Aggregate(new NodeSize(1, 0, 1), (sum, entry) => Add(sum, entry.Key.Length, Measure(entry.Value)));
            case JsonArray sequence:
                return sequence.Aggregate(new NodeSize(1, 0, 1), (sum, item) => Add(sum, 0, Measure(item)));
            default:
                var length = node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>().Length : 1;
                return new NodeSize(1, length, 0);
        }
    }

    private static NodeSize Add(NodeSize sum, int keyLength, NodeSize child) =>
        new(sum.Nodes + child.Nodes, sum.Characters + keyLength + child.Characters, Math.Max(sum.Depth, child.Depth + 1));
}
