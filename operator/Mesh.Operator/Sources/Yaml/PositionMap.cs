// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.Operator.Sources.Yaml;

/// <summary>
/// Where each field of a document stands in its text. A flat list that costs little to fill, since it is asked only about documents with
/// problems.
/// </summary>
internal sealed class PositionMap
{
    public const int NoParent = -1;

    private readonly List<Entry> entries;
    private readonly int root;

    public PositionMap()
        : this([], 0)
    {
    }

    private PositionMap(List<Entry> entries, int root)
    {
        this.entries = entries;
        this.root = root;
    }

    public TextPosition Root => entries.Count == 0 ? new TextPosition(1, 1) : entries[root].Position;

    /// <summary>Notes a node and returns its number, the parent of its children.</summary>
    public int Add(int parent, string segment, TextPosition position)
    {
        entries.Add(new Entry(parent, segment, position));
        return entries.Count - 1;
    }

    /// <summary>The place of the field with this path (<c>spec.rules[0].name</c>), or of the nearest field around it that there is.</summary>
    public TextPosition Find(string path)
    {
        var rest = path.AsSpan();
        var node = root;
        while (rest.Length > 0)
        {
            var (child, length) = LongestChild(node, rest);
            if (child < 0)
            {
                break;
            }

            node = child;
            rest = rest[length..];
        }

        return entries.Count == 0 ? new TextPosition(1, 1) : entries[node].Position;
    }

    /// <summary>The map of one item of a list at the root's field.</summary>
    public PositionMap Item(string field, int index)
    {
        var list = entries.FindIndex(e => e.Parent == root && e.Segment == field);
        var segment = IndexSegment(index);
        var item = list < 0 ? -1 : entries.FindIndex(e => e.Parent == list && e.Segment == segment);
        return item < 0 ? this : new PositionMap(entries, item);
    }

    public static string IndexSegment(int index) => string.Create(CultureInfo.InvariantCulture, $"[{index}]");

    // A key may hold dots itself (a label), so the longest key that fits the path is the one meant.
    private (int Child, int Length) LongestChild(int parent, ReadOnlySpan<char> path)
    {
        var best = (Child: -1, Length: 0);
        for (var i = parent + 1; i < entries.Count; i++)
        {
            if (entries[i].Parent != parent)
            {
                continue;
            }

            var length = PrefixLength(entries[i].Segment, path);
            if (length > best.Length)
            {
                best = (i, length);
            }
        }

        return best;
    }

    private static int PrefixLength(string segment, ReadOnlySpan<char> path)
    {
        var skipped = path[0] == '.' ? 1 : 0;
        var rest = path[skipped..];
        if (rest.StartsWith(segment, StringComparison.Ordinal)
            && (rest.Length == segment.Length || rest[segment.Length] is '.' or '['))
        {
            return skipped + segment.Length;
        }

        // Keys in brackets: labels["app.kubernetes.io/name"].
        if (rest.Length >= segment.Length + 4 && rest[0] == '[' && rest[1] is '"' or '\''
            && rest[2..].StartsWith(segment, StringComparison.Ordinal) && rest[segment.Length + 3] == ']')
        {
            return skipped + segment.Length + 4;
        }

        return 0;
    }

    private readonly record struct Entry(int Parent, string Segment, TextPosition Position);
}
