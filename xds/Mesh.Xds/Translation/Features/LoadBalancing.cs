// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Extensions.LoadBalancingPolicies.Common.V3;
using Envoy.Extensions.LoadBalancingPolicies.LeastRequest.V3;
using Envoy.Extensions.LoadBalancingPolicies.Maglev.V3;
using Envoy.Extensions.LoadBalancingPolicies.RingHash.V3;
using Envoy.Extensions.LoadBalancingPolicies.RoundRobin.V3;
using Google.Protobuf;
using Mesh.Model.Settings;
using RandomPolicy = Envoy.Extensions.LoadBalancingPolicies.Random.V3.Random;

namespace Mesh.Xds.Translation.Features;

/// <summary>How an endpoint is chosen.</summary>
internal static class LoadBalancing
{
    private const string Namespace = "envoy.load_balancing_policies.";

    public static LoadBalancingPolicy Build(Model.Settings.LoadBalancing settings) => settings.Algorithm switch
    {
        LoadBalancingAlgorithm.LeastRequest => Only("least_request", LeastRequest(settings)),
        LoadBalancingAlgorithm.RoundRobin => Only("round_robin", new RoundRobin { SlowStartConfig = SlowStart(settings.SlowStart) }),
        LoadBalancingAlgorithm.Random => Only("random", new RandomPolicy()),
        LoadBalancingAlgorithm.RingHash => Only("ring_hash", RingHash(settings)),
        LoadBalancingAlgorithm.Maglev => Only("maglev", new Maglev()),
    };

    public static LeastRequest LeastRequest(Model.Settings.LoadBalancing settings) => new()
    {
        ChoiceCount = (uint?)settings.ChoiceCount,
        SlowStartConfig = SlowStart(settings.SlowStart),
    };

    public static RingHash RingHash(Model.Settings.LoadBalancing settings) => new()
    {
        HashFunction = Envoy.Extensions.LoadBalancingPolicies.RingHash.V3.RingHash.Types.HashFunction.XxHash,
        MinimumRingSize = (ulong?)settings.MinimumRingSize,
    };

    private static SlowStartConfig? SlowStart(SlowStart? settings) => settings is null
        ? null
        : new SlowStartConfig
        {
            SlowStartWindow = settings.Window.ToDuration(),
            MinWeightPercent = ProtoValues.ToPercent(settings.MinimumWeightPercent),
        };

    /// <summary>One candidate of a list.</summary>
    public static LoadBalancingPolicy.Types.Policy Policy(string name, IMessage settings) =>
        new() { TypedExtensionConfig = ProtoValues.Extension(Namespace + name, settings) };

    private static LoadBalancingPolicy Only(string name, IMessage settings)
    {
        var policy = new LoadBalancingPolicy();
        policy.Policies.Add(Policy(name, settings));
        return policy;
    }
}
