// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Facts;

/// <summary>
/// Which facts of other objects the result for an object was made of, as noted while it was made (<see cref="Lookups"/>). Nobody lists by hand
/// what depends on what: a result is made anew when something that it was made of has changed, or something of its own object.
/// </summary>
internal sealed class Readers
{
    private readonly ImmutableDictionary<ObjectKey, ImmutableArray<Fact>> reads;
    private readonly ImmutableDictionary<Fact, ImmutableHashSet<ObjectKey>> readers;

    private Readers(ImmutableDictionary<ObjectKey, ImmutableArray<Fact>> reads, ImmutableDictionary<Fact, ImmutableHashSet<ObjectKey>> readers) =>
        (this.reads, this.readers) = (reads, readers);

    public static Readers None { get; } = new(
        ImmutableDictionary<ObjectKey, ImmutableArray<Fact>>.Empty, ImmutableDictionary<Fact, ImmutableHashSet<ObjectKey>>.Empty);

    /// <summary>Makes anew the results that <paramref name="changed"/> concerns.</summary>
    /// <param name="changed">What has changed since they were made.</param>
    /// <param name="concerns">Which objects have a result.</param>
    /// <param name="make">Makes the result for an object, and tells what it was made of; of an object that is gone, nothing.</param>
    public Readers Follow(IReadOnlySet<Fact> changed, Func<ObjectKey, bool> concerns, Func<ObjectKey, IReadOnlySet<Fact>> make)
    {
        var (nextReads, nextReaders) = (reads.ToBuilder(), readers.ToBuilder());
        foreach (var key in Stale(changed, concerns))
        {
            var before = reads.GetValueOrDefault(key, []);
            var after = make(key);
            if (before.Length == after.Count && before.All(after.Contains))
            {
                continue;
            }

            foreach (var fact in before.Except(after))
            {
                var rest = nextReaders[fact].Remove(key);
                Put(nextReaders, fact, rest, rest.IsEmpty);
            }

            foreach (var fact in after.Except(before))
            {
                nextReaders[fact] = nextReaders.GetValueOrDefault(fact, []).Add(key);
            }

            Put(nextReads, key, [.. after], after.Count == 0);
        }

        return new Readers(nextReads.ToImmutable(), nextReaders.ToImmutable());
    }

    private HashSet<ObjectKey> Stale(IReadOnlySet<Fact> changed, Func<ObjectKey, bool> concerns)
    {
        var stale = new HashSet<ObjectKey>();
        foreach (var fact in changed)
        {
            if (concerns(fact.Object))
            {
                stale.Add(fact.Object);
            }

            if (readers.TryGetValue(fact, out var known))
            {
                stale.UnionWith(known);
            }
        }

        return stale;
    }

    private static void Put<TKey, TValue>(ImmutableDictionary<TKey, TValue>.Builder into, TKey key, TValue value, bool isNothing)
        where TKey : notnull
    {
        if (isNothing)
        {
            into.Remove(key);
        }
        else
        {
            into[key] = value;
        }
    }
}
