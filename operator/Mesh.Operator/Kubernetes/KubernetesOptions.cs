// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

/// <summary>Which cluster the operator serves, and where in it the operator lives.</summary>
public sealed record KubernetesOptions
{
    /// <summary>Path of a kubeconfig; null: the pod's own service account where there is one, else KUBECONFIG and ~/.kube/config.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The operator's own namespace: its Lease, Secret and Service.</summary>
    public string Namespace { get; init; } = "mesh-system";

    /// <summary>Name of this replica, different for each: the pod's name.</summary>
    public required string Identity { get; init; }

    /// <summary>Where other replicas reach this one, <c>10.0.0.7:15010</c>; null where they cannot.</summary>
    public string? Address { get; init; }
}
