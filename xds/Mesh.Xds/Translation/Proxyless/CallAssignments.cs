// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Mesh.Model;
using Mesh.Xds.Naming;
using Endpoint = Mesh.Model.Endpoint;

namespace Mesh.Xds.Translation.Proxyless;

/// <summary>
/// Endpoints as gRPC takes them (gRFC A27). It leaves out draining ones altogether, though such a one is better than none: they are a
/// priority of their own, which is used when all of the one before fail. A locality without weight would be left out, too.
/// </summary>
internal static class CallAssignments
{
    public static XdsResource Build(EndpointSet endpoints)
    {
        var assignment = new ClusterLoadAssignment { ClusterName = AssignmentName.Of(endpoints.Name).Value };

        // gRPC refuses an address that occurs twice, and a priority above one without endpoints.
        var known = endpoints.Endpoints.OrderBy(e => e.Health).DistinctBy(e => (e.Address, e.Port));
        var priority = 0u;
        foreach (var group in known.GroupBy(e => e.Health).OrderBy(g => g.Key))
        {
            assignment.Endpoints.AddRange(group
                .GroupBy(e => e.Zone, StringComparer.Ordinal)
                .OrderBy(zone => zone.Key, StringComparer.Ordinal)
                .Select(zone => Locality(zone.Key, zone.ToList(), priority)));
            priority++;
        }

        return Resource(AssignmentName.Of(endpoints.Name), assignment);
    }

    public static XdsResource NoBackend() =>
        Resource(AssignmentName.NoBackend, new ClusterLoadAssignment { ClusterName = AssignmentName.NoBackend.Value });

    private static LocalityLbEndpoints Locality(string zone, List<Endpoint> endpoints, uint priority)
    {
        var locality = new LocalityLbEndpoints
        {
            Locality = new Locality { Zone = zone },
            Priority = priority,

            // For clients that share out by locality first: so that each endpoint gets the same all the same.
            LoadBalancingWeight = (uint)endpoints.Count,
        };
        locality.LbEndpoints.AddRange(endpoints
            .OrderBy(e => e.Address, StringComparer.Ordinal)
            .ThenBy(e => e.Port)
            .Select(e => new LbEndpoint
            {
                Endpoint = Assignments.ToEndpoint(e),
                HealthStatus = HealthStatus.Healthy,
            }));
        return locality;
    }

    private static XdsResource Resource(AssignmentName name, ClusterLoadAssignment assignment) => new()
    {
        Key = name.Key,
        Message = assignment,
        Origins = Origins.None,
        OnDemand = true,
        References = [],
    };
}
