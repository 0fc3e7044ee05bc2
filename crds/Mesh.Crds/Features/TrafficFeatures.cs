// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities.Attributes;

namespace Mesh.Crds.Features;

/// <summary>The features that a Mesh gives as defaults and a TrafficPolicy sets on its targets.</summary>
public abstract record TrafficFeatures
{
    [Description("Time limits of requests and connections.")]
    public Timeouts? Timeouts { get; init; }

    [Description("Sending failed requests again.")]
    public Retries? Retries { get; init; }

    [Description("Choice of endpoints.")]
    public LoadBalancing? LoadBalancing { get; init; }

    [Description("Bounds of concurrency.")]
    public ConnectionLimits? ConnectionLimits { get; init; }

    [Description("Leaving out endpoints that answer badly.")]
    public OutlierDetection? OutlierDetection { get; init; }
}
