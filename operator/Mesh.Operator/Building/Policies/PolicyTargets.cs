// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Features;

namespace Mesh.Operator.Building.Policies;

/// <summary>The policy in force at a target, and all that others may know of it.</summary>
/// <param name="Source">The policy.</param>
/// <param name="Features">What it gives.</param>
/// <param name="HasHttpFields">Something of it works on requests.</param>
internal sealed record TargetOwner(UserObject Source, FeatureSet Features, bool HasHttpFields);

/// <summary>Policies by what they target, the one that wins in front: on one target the older policy wins whole (GEP-713).</summary>
internal sealed record PolicyTargets(ImmutableDictionary<TargetKey, ImmutableSortedSet<CompiledPolicy>> Claimants)
{
    private static readonly ImmutableSortedSet<CompiledPolicy> Nobody =
        ImmutableSortedSet<CompiledPolicy>.Empty.WithComparer(Comparer<CompiledPolicy>.Create((left, right) => left.Source.CompareTo(right.Source)));

    public static PolicyTargets None { get; } = new(ImmutableDictionary<TargetKey, ImmutableSortedSet<CompiledPolicy>>.Empty);

    public TargetOwner? OwnerOf(TargetKey target) => Claimants.GetValueOrDefault(target)?.Min is { } winner
        ? new TargetOwner(winner.Source, winner.Features, winner.HttpFields.Count > 0)
        : null;

    /// <param name="differences">Policies that are others than before.</param>
    /// <param name="changed">Where to tell which targets have another owner.</param>
    public PolicyTargets Follow(IEnumerable<(CompiledPolicy? Old, CompiledPolicy? New)> differences, HashSet<Fact> changed)
    {
        var builder = Claimants.ToBuilder();
        var touched = new HashSet<TargetKey>();
        foreach (var (old, current) in differences)
        {
            foreach (var target in old?.Targets ?? [])
            {
                touched.Add(target.Key);
                builder[target.Key] = builder[target.Key].Remove(old!); // It has targets, so it is not null.
            }

            foreach (var target in current?.Targets ?? [])
            {
                touched.Add(target.Key);
                builder[target.Key] = builder.GetValueOrDefault(target.Key, Nobody).Add(current!); // As above.
            }
        }

        foreach (var target in touched.Where(target => builder[target].IsEmpty))
        {
            builder.Remove(target);
        }

        var next = new PolicyTargets(builder.ToImmutable());
        changed.UnionWith(touched
            .Where(target => OwnerOf(target) != next.OwnerOf(target))
            .Select(target => new Fact(Step.Policies, target.Object)));
        return next;
    }
}
