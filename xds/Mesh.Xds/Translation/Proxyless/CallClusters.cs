// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Extensions.LoadBalancingPolicies.RingHash.V3;
using Envoy.Extensions.LoadBalancingPolicies.RoundRobin.V3;
using Google.Protobuf;
using Mesh.Model;
using Mesh.Model.Settings;
using Mesh.Xds.Naming;
using LoadBalancingPolicy = Envoy.Config.Cluster.V3.LoadBalancingPolicy;
using Thresholds = Envoy.Config.Cluster.V3.CircuitBreakers.Types.Thresholds;

namespace Mesh.Xds.Translation.Proxyless;

/// <summary>The cluster of a service port as gRPC takes it (gRFC A27, A32, A52).</summary>
internal static class CallClusters
{
    public static XdsResource Build(ServicePort port)
    {
        var cluster = Common(ClusterName.Of(port.Name), AssignmentName.Of(port.Name));
        cluster.LoadBalancingPolicy = Balancing(port.Cluster.LoadBalancing);

        // Without a number gRPC allows 1024 calls at a time.
        cluster.CircuitBreakers.Thresholds[0].MaxRequests = port.Cluster.ConnectionLimits?.MaxRequests ?? ProtoValues.Unbounded;
        return Resource(ClusterName.Of(port.Name), AssignmentName.Of(port.Name), cluster, port.ClusterOrigins);
    }

    /// <summary>Where calls go that must fail.</summary>
    public static XdsResource NoBackend()
    {
        var cluster = Common(ClusterName.NoBackend, AssignmentName.NoBackend);
        cluster.LoadBalancingPolicy = Policies(("round_robin", new RoundRobin()));
        return Resource(ClusterName.NoBackend, AssignmentName.NoBackend, cluster, Origins.None);
    }

    private static Cluster Common(ClusterName name, AssignmentName assignment)
    {
        var cluster = new Cluster
        {
            Name = name.Value,
            Type = Cluster.Types.DiscoveryType.Eds,
            EdsClusterConfig = new Cluster.Types.EdsClusterConfig { EdsConfig = ConfigSources.Ads(), ServiceName = assignment.Value },
            CircuitBreakers = new CircuitBreakers(),
        };
        cluster.CircuitBreakers.Thresholds.Add(new Thresholds());
        return cluster;
    }

    /// <summary>
    /// In order of preference: the client takes the first that it knows, and refuses the cluster when it knows none. Each goes over all
    /// endpoints alike, whatever their zone, as our Envoys do.
    /// </summary>
    private static LoadBalancingPolicy Balancing(LoadBalancing settings) => settings.Algorithm switch
    {
        LoadBalancingAlgorithm.LeastRequest => Policies(
            ("least_request", Features.LoadBalancing.LeastRequest(settings with { SlowStart = null })), ("round_robin", new RoundRobin())),
        LoadBalancingAlgorithm.RoundRobin => Policies(("round_robin", new RoundRobin())),
        LoadBalancingAlgorithm.Random => Policies(
            ("random", new Envoy.Extensions.LoadBalancingPolicies.Random.V3.Random()), ("round_robin", new RoundRobin())),
        LoadBalancingAlgorithm.RingHash => Policies(("ring_hash", Features.LoadBalancing.RingHash(settings))),
        LoadBalancingAlgorithm.Maglev => Policies(("ring_hash", new RingHash { HashFunction = RingHash.Types.HashFunction.XxHash })),
    };

    private static LoadBalancingPolicy Policies(params ReadOnlySpan<(string Name, IMessage Settings)> policies)
    {
        var result = new LoadBalancingPolicy();
        foreach (var (name, settings) in policies)
        {
            result.Policies.Add(Features.LoadBalancing.Policy(name, settings));
        }

        return result;
    }

    private static XdsResource Resource(ClusterName name, AssignmentName assignment, Cluster cluster, Origins origins) => new()
    {
        Key = name.Key,
        Message = cluster,
        Origins = origins,
        OnDemand = true,
        References = [assignment.Key],
    };
}
