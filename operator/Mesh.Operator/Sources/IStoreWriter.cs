// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Model;

namespace Mesh.Operator.Sources;

/// <summary>The writes of one <see cref="ResourceStore.Batch"/>.</summary>
public interface IStoreWriter
{
    void Apply(IKubernetesObject<V1ObjectMeta> obj);

    void Delete(ObjectKey key);

    void SetProblems(ObjectKey key, EquatableArray<SourceProblem> problems);
}
