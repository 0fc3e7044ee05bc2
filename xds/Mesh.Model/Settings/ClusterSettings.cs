// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model.Settings;

/// <summary>Everything in effect on connections to a service port's endpoints. A null part means Envoy's or the mesh's default.</summary>
public sealed record ClusterSettings
{
    public required TimeSpan ConnectTimeout { get; init; }

    public required LoadBalancing LoadBalancing { get; init; }

    public required ConnectionLimits? ConnectionLimits { get; init; }

    public required RetryBudget? RetryBudget { get; init; }

    public required OutlierDetection? OutlierDetection { get; init; }

    public static ClusterSettings Default { get; } = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        LoadBalancing = LoadBalancing.Default,
        ConnectionLimits = null,
        RetryBudget = null,
        OutlierDetection = null,
    };
}
