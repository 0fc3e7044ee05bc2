// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using k8s;
using k8s.Models;
using Mesh.Model;

namespace Mesh.Operator.Sources.Files;

/// <summary>What is known of an object over all versions of its document.</summary>
internal sealed record TrackedObject
{
    /// <summary>Of the newest version, good or bad.</summary>
    public required long Generation { get; init; }

    /// <summary>Of the newest version, good or bad.</summary>
    public required UInt128 Digest { get; init; }

    /// <summary>The document of the last good version; null when there was none.</summary>
    public IKubernetesObject<V1ObjectMeta>? Source { get; init; }

    /// <summary>The last good version with its generation, as the store has it.</summary>
    public IKubernetesObject<V1ObjectMeta>? LastGood { get; init; }

    public EquatableArray<SourceProblem> Problems { get; init; }

    /// <summary>The object after its document became this one.</summary>
    public static TrackedObject Judge(TrackedObject? before, ParsedDocument document)
    {
        var isSame = before?.Digest == document.Digest;
        var generation = isSame ? before!.Generation : (before?.Generation ?? 0) + 1;
        var next = new TrackedObject
        {
            Generation = generation,
            Digest = document.Digest,
            Source = document.Entity ?? before?.Source,
            LastGood = before?.LastGood,
            Problems = document.Problems.Select(p => p with { Generation = generation }).ToEquatableArray(),
        };
        var isKnown = document.Entity is null || (ReferenceEquals(document.Entity, before?.Source) && isSame);
        return isKnown ? next : next with { LastGood = WithGeneration(document.Entity!, generation) };
    }

    // A copy: the document's own object may be in a published set, under another generation.
    private static IKubernetesObject<V1ObjectMeta> WithGeneration(IKubernetesObject<V1ObjectMeta> entity, long generation)
    {
        var copy = (IKubernetesObject<V1ObjectMeta>)MemberwiseClone(entity);
        copy.Metadata = entity.Metadata with { Generation = generation };
        return copy;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern object MemberwiseClone(object instance);
}
