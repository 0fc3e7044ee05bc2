// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Model;

namespace Mesh.Operator.Sources.Files;

/// <summary>What a file says of one object: a version that is good, or what is wrong with it.</summary>
internal sealed record ParsedDocument
{
    public required ObjectKey Key { get; init; }

    /// <summary>Where it begins in its file, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Of all that counts for the generation: neither metadata nor status.</summary>
    public required UInt128 Digest { get; init; }

    /// <summary>Without our generation; null exactly when there are problems.</summary>
    public IKubernetesObject<V1ObjectMeta>? Entity { get; init; }

    /// <summary>Their generation is filled in when the document is judged against what was before.</summary>
    public EquatableArray<SourceProblem> Problems { get; init; }
}
