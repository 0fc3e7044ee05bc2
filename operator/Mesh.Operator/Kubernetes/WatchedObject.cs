// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Model;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Kubernetes;

/// <summary>One object as the API server sent it: read, or with what is wrong with it.</summary>
internal sealed record WatchedObject
{
    /// <summary>Its name is empty where the object has none that could be read; then it stands for nothing but its version.</summary>
    public required ObjectKey Key { get; init; }

    /// <summary>resourceVersion; empty where there is none.</summary>
    public required string Version { get; init; }

    /// <summary>Null exactly when there are problems.</summary>
    public IKubernetesObject<V1ObjectMeta>? Entity { get; init; }

    public EquatableArray<SourceProblem> Problems { get; init; }

    /// <summary>What of its status is the operator's own, for the writer to compare; null for kinds without one. No part of the model.</summary>
    public KnownStatus? Status { get; init; }
}
