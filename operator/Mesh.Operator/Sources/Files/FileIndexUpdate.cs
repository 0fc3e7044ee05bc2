// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Mesh.Model;

namespace Mesh.Operator.Sources.Files;

/// <summary>The problems that an object, or a file, has now.</summary>
internal readonly record struct JudgedKey(ObjectKey Key, EquatableArray<SourceProblem> Problems);

/// <summary>What edits of files come to: the next state, and the writes that take the store there.</summary>
internal sealed record FileIndexUpdate
{
    public required FileIndex Next { get; init; }

    public required ImmutableArray<IKubernetesObject<V1ObjectMeta>> Applied { get; init; }

    public required ImmutableArray<ObjectKey> Deleted { get; init; }

    public required ImmutableArray<JudgedKey> Judged { get; init; }

    public void WriteTo(IStoreWriter store)
    {
        foreach (var key in Deleted)
        {
            store.Delete(key);
        }

        foreach (var obj in Applied)
        {
            store.Apply(obj);
        }

        foreach (var (key, problems) in Judged)
        {
            store.SetProblems(key, problems);
        }
    }
}
