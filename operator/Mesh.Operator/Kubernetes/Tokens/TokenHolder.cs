// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes.Tokens;

/// <summary>The pod that holds a token of a service account, as the API server knows it.</summary>
public sealed record TokenHolder
{
    public required string Namespace { get; init; }

    /// <summary>Name of the service account.</summary>
    public required string Account { get; init; }

    public required string Pod { get; init; }

    public required string PodUid { get; init; }

    /// <summary>Name of the pod's node; null where the cluster does not put it into tokens.</summary>
    public required string? Node { get; init; }

    /// <summary>When the token expires.</summary>
    public required DateTimeOffset Until { get; init; }
}
