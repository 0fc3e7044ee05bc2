// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

/// <summary>Which cluster the operator serves.</summary>
public sealed record KubernetesOptions
{
    /// <summary>Path of a kubeconfig; null: the pod's own service account where there is one, else KUBECONFIG and ~/.kube/config.</summary>
    public string? Kubeconfig { get; init; }
}
