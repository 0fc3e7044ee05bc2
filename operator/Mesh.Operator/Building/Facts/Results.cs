// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Facts;

/// <summary>A result that is another one than before.</summary>
/// <param name="Key">Of which object.</param>
/// <param name="Old">Null where there was none.</param>
/// <param name="New">Null where there is none.</param>
internal readonly record struct Difference<T>(ObjectKey Key, T? Old, T? New)
    where T : class;

/// <summary>What a step has made of each object. It is kept until something that it was made of changes.</summary>
/// <param name="Values">The results; no entry where there is none.</param>
/// <param name="Readers">What they were made of.</param>
internal sealed record Results<T>(ImmutableDictionary<ObjectKey, T> Values, Readers Readers)
    where T : class
{
    public static Results<T> None { get; } = new(ImmutableDictionary<ObjectKey, T>.Empty, Readers.None);

    public T? Of(ObjectKey key) => Values.GetValueOrDefault(key);

    /// <summary>The results for what is known now, with those that differ. An equal one stays the same object.</summary>
    /// <param name="book">What is known.</param>
    /// <param name="changed">What of it has changed.</param>
    /// <param name="concerns">Which objects have a result.</param>
    /// <param name="make">Makes it: pure.</param>
    public (Results<T> Next, IReadOnlyList<Difference<T>> Differences) Follow(
        RuleBook book, IReadOnlySet<Fact> changed, Func<ObjectKey, bool> concerns, Func<ObjectKey, Lookups, T?> make)
    {
        var next = Values.ToBuilder();
        var differences = new List<Difference<T>>();
        var readers = Readers.Follow(changed, concerns, key =>
        {
            var lookups = new Lookups(book, key);
            var (before, after) = (Of(key), make(key, lookups));
            if (!EqualityComparer<T?>.Default.Equals(before, after))
            {
                differences.Add(new Difference<T>(key, before, after));
                if (after is null)
                {
                    next.Remove(key);
                }
                else
                {
                    next[key] = after;
                }
            }

            return lookups.Reads;
        });
        return (new Results<T>(next.ToImmutable(), readers), differences);
    }
}
