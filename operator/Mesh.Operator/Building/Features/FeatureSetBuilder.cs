// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Features;
using Mesh.Model;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Features;

/// <summary>Reads the features of a policy or of the mesh's defaults.</summary>
internal static class FeatureSetBuilder
{
    public static FeatureSet Build(
        ResourceRef source, TrafficFeatures spec, FaultInjection? fault, (string Path, ProblemList Problems) at) => new()
        {
            Source = source,
            Timeouts = TimeoutsBuilder.Build(spec.Timeouts, $"{at.Path}.timeouts", at.Problems),
            Retries = RetriesBuilder.Build(spec.Retries, $"{at.Path}.retries", at.Problems),
            LoadBalancing = LoadBalancingBuilder.Build(spec.LoadBalancing, $"{at.Path}.loadBalancing", at.Problems),
            ConnectionLimits = ConnectionLimitsBuilder.Build(spec.ConnectionLimits, $"{at.Path}.connectionLimits", at.Problems),
            OutlierDetection = OutlierDetectionBuilder.Build(spec.OutlierDetection, $"{at.Path}.outlierDetection", at.Problems),
            FaultInjection = FaultInjectionBuilder.Build(fault, $"{at.Path}.faultInjection", at.Problems),
        };
}
