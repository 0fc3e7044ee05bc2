// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Mesh.Model;
using Mesh.Xds.Naming;

namespace Mesh.Xds.Translation;

/// <summary>The endpoints of a service port as a ClusterLoadAssignment, grouped by zone.</summary>
internal static class Assignments
{
    public static XdsResource Build(EndpointSet endpoints)
    {
        var name = AssignmentName.Of(endpoints.Name);
        var assignment = new ClusterLoadAssignment { ClusterName = name.Value };
        foreach (var zone in endpoints.Endpoints.GroupBy(e => e.Zone, StringComparer.Ordinal).OrderBy(z => z.Key, StringComparer.Ordinal))
        {
            assignment.Endpoints.Add(Locality(zone.Key, zone));
        }

        return new XdsResource
        {
            Key = name.Key,
            Message = assignment,
            Origins = Origins.None,
            OnDemand = true,
            References = [],
        };
    }

    private static LocalityLbEndpoints Locality(string zone, IEnumerable<Model.Endpoint> endpoints)
    {
        var locality = new LocalityLbEndpoints();
        if (zone.Length > 0)
        {
            locality.Locality = new Locality { Zone = zone };
        }

        locality.LbEndpoints.AddRange(endpoints.OrderBy(e => e.Address, StringComparer.Ordinal).ThenBy(e => e.Port).Select(ToLbEndpoint));
        return locality;
    }

    private static LbEndpoint ToLbEndpoint(Model.Endpoint endpoint) => new()
    {
        Endpoint = new Envoy.Config.Endpoint.V3.Endpoint { Address = ProtoValues.Socket(endpoint.Address, endpoint.Port) },
        HealthStatus = endpoint.Health switch
        {
            EndpointHealth.Ready => HealthStatus.Healthy,
            EndpointHealth.Draining => HealthStatus.Draining,
        },
    };
}
