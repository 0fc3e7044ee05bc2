// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Mesh.Model;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation.Features;
using OutlierDetection = Mesh.Xds.Translation.Features.OutlierDetection;

namespace Mesh.Xds.Translation;

/// <summary>The clusters of a service port: one that routes name, and one per address for bytes that are not HTTP.</summary>
internal static class Clusters
{
    private const uint BufferLimit = 64 * 1024;

    // Panic (use every endpoint, ready or not) only when none is ready: a draining one serves no new request while a ready one is there.
    private const double PanicPercent = 1;

    /// <param name="port">The service port.</param>
    /// <param name="isMirror">A route sends copies there: Envoy drops copies for clusters that it does not have, and asks for none.</param>
    public static XdsResource ForRoutes(ServicePort port, bool isMirror)
    {
        var cluster = Common(ClusterName.Of(port.Name), port);
        UpstreamProtocol.Apply(cluster, port.Protocol, port.Cluster.ConnectionLimits);
        return Resource(ClusterName.Of(port.Name), cluster, port, onDemand: !isMirror);
    }

    public static XdsResource ForAddress(ServiceAddress address, ServicePort port) =>
        Resource(ClusterName.Of(address), Common(ClusterName.Of(address), port), port, onDemand: true);

    private static Cluster Common(ClusterName name, ServicePort port)
    {
        var settings = port.Cluster;
        var cluster = new Cluster
        {
            Name = name.Value,
            Type = Cluster.Types.DiscoveryType.Eds,
            EdsClusterConfig = new Cluster.Types.EdsClusterConfig
            {
                EdsConfig = ConfigSources.AdsForEndpoints(),
                ServiceName = AssignmentName.Of(port.Name).Value,
            },
            ConnectTimeout = settings.ConnectTimeout.ToDuration(),
            PerConnectionBufferLimitBytes = BufferLimit,
            LoadBalancingPolicy = LoadBalancing.Build(settings.LoadBalancing),
            CommonLbConfig = new Cluster.Types.CommonLbConfig { HealthyPanicThreshold = new() { Value = PanicPercent } },
            CircuitBreakers = ConnectionLimits.Build(settings.ConnectionLimits),

            // An endpoint that left is gone at once, whatever outlier detection thought of it.
            IgnoreHealthOnHostRemoval = true,
        };
        cluster.CircuitBreakers.Thresholds[0].RetryBudget = RetryBudget.Build(settings.RetryBudget);
        cluster.OutlierDetection = settings.OutlierDetection is { } detection ? OutlierDetection.Build(detection) : null;
        return cluster;
    }

    private static XdsResource Resource(ClusterName name, Cluster cluster, ServicePort port, bool onDemand) => new()
    {
        Key = name.Key,
        Message = cluster,
        Origins = port.ClusterOrigins,
        OnDemand = onDemand,
        References = [AssignmentName.Of(port.Name).Key],
    };
}
