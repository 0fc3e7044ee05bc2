// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Endpoint = Envoy.Config.Endpoint.V3.Endpoint;

namespace Mesh.XdsBench.Shapes;

/// <summary>Endpoints in two zones; the first one drains and recovers from generation to generation, and its weight counts them.</summary>
internal static class Assignments
{
    private const int Weights = 100;

    public static ClusterLoadAssignment Build(BenchService service, int endpoints)
    {
        var assignment = new ClusterLoadAssignment
        {
            ClusterName = service.ClusterName,
            Policy = new ClusterLoadAssignment.Types.Policy { OverprovisioningFactor = 140 },
        };
        foreach (var (zone, weight) in new[] { ("zone-a", 1u), ("zone-b", 2u) })
        {
            var locality = new LocalityLbEndpoints
            {
                Locality = new Locality { Region = "region-1", Zone = zone },
                LoadBalancingWeight = weight,
            };
            locality.LbEndpoints.Add(Enumerable.Range(0, endpoints).Where(index => (uint)(index % 2) == weight - 1).Select(index => Endpoint(service, index)));
            if (locality.LbEndpoints.Count > 0)
            {
                assignment.Endpoints.Add(locality);
            }
        }

        return assignment;
    }

    private static LbEndpoint Endpoint(BenchService service, int index) => new()
    {
        Endpoint = new Endpoint
        {
            Address = Sources.At(service.Endpoint(index)),
            Hostname = string.Create(CultureInfo.InvariantCulture, $"{service.Name}-{index}"),
        },
        HealthStatus = index == 0 && service.EndpointGeneration % 2 == 1 ? HealthStatus.Draining : HealthStatus.Healthy,
        LoadBalancingWeight = index == 0 ? 1 + (uint)(service.EndpointGeneration % Weights) : 1,
    };
}
