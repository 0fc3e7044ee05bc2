// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Mesh.Operator.Kubernetes.Tokens;

/// <summary>As many entries as allowed; the one that was not asked for the longest makes room. Not for several threads.</summary>
internal sealed class BoundedCache<TKey, TValue>(int most)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> entries = [];
    private readonly LinkedList<(TKey Key, TValue Value)> byUse = [];

    public int Count => entries.Count;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!entries.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        byUse.Remove(node);
        byUse.AddLast(node);
        value = node.Value.Value;
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        Remove(key);
        if (entries.Count >= most && byUse.First is { } oldest)
        {
            Remove(oldest.Value.Key);
        }

        entries.Add(key, byUse.AddLast((key, value)));
    }

    public void Remove(TKey key)
    {
        if (entries.Remove(key, out var node))
        {
            byUse.Remove(node);
        }
    }
}
