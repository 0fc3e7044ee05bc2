// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Mesh.Operator.Sources.Yaml;

/// <summary>How much a node is, with all below it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NodeSize(int Nodes, long Characters, int Depth);

/// <summary>
/// Puts the events of a YAML or JSON reader together to a tree. A child is hung into its parent before it is filled, so that what was read
/// before a tear can be looked at. Of a key that stands twice the first value is kept.
/// </summary>
internal sealed class TreeBuilder
{
    private readonly Stack<Frame> open = new();
    private readonly ImmutableArray<TextProblem>.Builder problems = ImmutableArray.CreateBuilder<TextProblem>();
    private JsonNode? root;
    private long characters;

    public PositionMap Positions { get; } = new();

    /// <summary>Nodes so far, those of aliases included.</summary>
    public int Nodes { get; private set; }

    /// <summary>The next scalar is a key.</summary>
    public bool WantsKey => open.TryPeek(out var frame) && frame is { Container: JsonObject, Key: null };

    public void Key(string key, TextPosition position)
    {
        Spend(1, key.Length, position);
        var frame = open.Peek();
        frame.Key = key;
        frame.KeyPosition = position;
        if (!frame.Keys.TryAdd(key, position))
        {
            frame.IsDuplicate = true;
            Report(position, $"\"{key}\" stands twice, here and at line {frame.Keys[key].Line}: keep one");
        }
    }

    /// <summary>The next value's entries are put into the open object, except those that it has itself (YAML's merge key).</summary>
    public void MergeKey(TextPosition position)
    {
        var frame = open.Peek();
        frame.Key = "<<";
        frame.KeyPosition = position;
        frame.IsMerge = true;
    }

    public JsonNode Start(JsonNode container, TextPosition position)
    {
        if (open.Count == TextLimits.Depth)
        {
            throw new TextLimitException(position, $"the document is nested deeper than {TextLimits.Depth} levels");
        }

        Spend(1, 0, position);
        var entry = Attach(container, position);
        open.Push(new Frame { Container = container, Entry = entry });
        return container;
    }

    public void Value(JsonNode? value, int length, TextPosition position)
    {
        Spend(1, length, position);
        Attach(value, position);
        EndValue();
    }

    /// <summary>A value that stands for more than itself: what an alias names.</summary>
    public void Copy(JsonNode? value, NodeSize size, TextPosition position)
    {
        if (open.Count + size.Depth > TextLimits.Depth)
        {
            throw new TextLimitException(position, $"the document is nested deeper than {TextLimits.Depth} levels once its aliases are written out");
        }

        Spend(size.Nodes, size.Characters, position);
        Attach(value?.DeepClone(), position);
        EndValue();
    }

    public void End()
    {
        var frame = open.Pop();
        foreach (var (merged, position) in frame.Merges)
        {
            Merge((JsonObject)frame.Container, merged, position);
        }

        EndValue();
    }

    public void Report(TextPosition position, string message) => problems.Add(new TextProblem(position, Path(), message));

    public TextDocument Build(bool isTorn) => new()
    {
        Root = root,
        Positions = Positions,
        Problems = problems.ToImmutable(),
        IsTorn = isTorn,
        OpenKey = open.Count == 0 ? null : open.Last().Key,
    };

    private int Attach(JsonNode? value, TextPosition position)
    {
        if (!open.TryPeek(out var frame))
        {
            root = value;
            return Positions.Add(PositionMap.NoParent, "", position);
        }

        if (frame.Container is JsonArray array)
        {
            array.Add(value);
            return Positions.Add(frame.Entry, PositionMap.IndexSegment(array.Count - 1), position);
        }

        // Proof of "!": an object's value comes after its key.
        var key = frame.Key!;
        if (frame.IsMerge)
        {
            frame.Merges.Add((value, frame.KeyPosition));
        }
        else if (!frame.IsDuplicate)
        {
            ((JsonObject)frame.Container).Add(key, value);
        }

        return Positions.Add(frame.IsDuplicate || frame.IsMerge ? PositionMap.NoParent : frame.Entry, key, frame.KeyPosition);
    }

    private void EndValue()
    {
        if (open.TryPeek(out var frame))
        {
            frame.Clear();
        }
    }

    private void Merge(JsonObject target, JsonNode? merged, TextPosition position)
    {
        switch (merged)
        {
            case JsonObject source:
                foreach (var (key, value) in source)
                {
                    if (!target.ContainsKey(key))
                    {
                        target.Add(key, value?.DeepClone());
                    }
                }

                break;
            case JsonArray sources when sources.All(s => s is JsonObject):
                foreach (var source in sources)
                {
                    Merge(target, source, position);
                }

                break;
            default:
                Report(position, "\"<<\" merges a mapping or a list of mappings into this one: give an alias of a mapping");
                break;
        }
    }

    private void Spend(int nodes, long length, TextPosition position)
    {
        Nodes += nodes;
        characters += length;
        if (Nodes > TextLimits.Nodes || characters > TextLimits.Characters)
        {
            throw new TextLimitException(
                position, $"the document is larger than {TextLimits.Nodes} values or {TextLimits.Characters >> 20} MiB once its aliases are written out");
        }
    }

    private string Path()
    {
        var path = "";
        foreach (var frame in open.Reverse())
        {
            path += frame.Container is JsonArray array
                ? PositionMap.IndexSegment(Math.Max(array.Count - 1, 0))
                : path.Length == 0 || frame.Key is null ? frame.Key : "." + frame.Key;
        }

        return path;
    }

    private sealed class Frame
    {
        public required JsonNode Container { get; init; }

        public required int Entry { get; init; }

        public Dictionary<string, TextPosition> Keys { get; } = new(StringComparer.Ordinal);

        public List<(JsonNode? Value, TextPosition Position)> Merges { get; } = [];

        public string? Key { get; set; }

        public TextPosition KeyPosition { get; set; }

        public bool IsDuplicate { get; set; }

        public bool IsMerge { get; set; }

        public void Clear() => (Key, IsDuplicate, IsMerge) = (null, false, false);
    }
}
