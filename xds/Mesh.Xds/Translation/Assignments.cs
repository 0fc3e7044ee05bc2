// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Mesh.Model;
using Mesh.Xds.Naming;
using Endpoint = Mesh.Model.Endpoint;

namespace Mesh.Xds.Translation;

/// <summary>The endpoints of a service port as a ClusterLoadAssignment, grouped by zone.</summary>
internal static class Assignments
{
    /// <summary>As a node sees them of which nothing is known but what all have in common.</summary>
    public static XdsResource Build(EndpointSet endpoints) => Build(endpoints, Place.Unknown);

    /// <param name="endpoints">The endpoints.</param>
    /// <param name="place">From where they are called.</param>
    public static XdsResource Build(EndpointSet endpoints, Place place)
    {
        var name = AssignmentName.Of(endpoints.Name);
        var assignment = new ClusterLoadAssignment { ClusterName = name.Value };
        var priority = 0u;
        foreach (var level in place.Levels(endpoints))
        {
            foreach (var zone in level.GroupBy(e => e.Zone, StringComparer.Ordinal).OrderBy(z => z.Key, StringComparer.Ordinal))
            {
                assignment.Endpoints.Add(Locality(zone.Key, zone, priority));
            }

            priority++;
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

    /// <summary>An address, and where the same endpoint is reached when that one fails.</summary>
    public static Envoy.Config.Endpoint.V3.Endpoint ToEndpoint(Endpoint endpoint)
    {
        var result = new Envoy.Config.Endpoint.V3.Endpoint { Address = ProtoValues.Socket(endpoint.Address, endpoint.Port) };
        if (endpoint.OtherAddress.Length > 0)
        {
            result.AdditionalAddresses.Add(new Envoy.Config.Endpoint.V3.Endpoint.Types.AdditionalAddress
            {
                Address = ProtoValues.Socket(endpoint.OtherAddress, endpoint.Port),
            });
        }

        return result;
    }

    private static LocalityLbEndpoints Locality(string zone, IEnumerable<Endpoint> endpoints, uint priority)
    {
        var locality = new LocalityLbEndpoints { Priority = priority };
        if (zone.Length > 0)
        {
            locality.Locality = new Locality { Zone = zone };
        }

        locality.LbEndpoints.AddRange(endpoints.OrderBy(e => e.Address, StringComparer.Ordinal).ThenBy(e => e.Port).Select(ToLbEndpoint));
        return locality;
    }

    private static LbEndpoint ToLbEndpoint(Endpoint endpoint) => new()
    {
        Endpoint = ToEndpoint(endpoint),
        HealthStatus = endpoint.Health switch
        {
            EndpointHealth.Ready => HealthStatus.Healthy,
            EndpointHealth.Draining => HealthStatus.Draining,
        },
    };
}
