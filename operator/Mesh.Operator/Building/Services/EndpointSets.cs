// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Endpoint = Mesh.Model.Endpoint;

namespace Mesh.Operator.Building.Services;

/// <summary>What is the same of endpoints, wherever they were read from: their order, and which of them go first.</summary>
internal static class EndpointSets
{
    public static EndpointSet Of(ServicePortName name, CatalogService service, IEnumerable<Endpoint> endpoints) => new()
    {
        Name = name,
        Reach = service.Reach,
        Endpoints = WithHints(service, [.. endpoints])
            .OrderBy(endpoint => endpoint.Zone, StringComparer.Ordinal)
            .ThenBy(endpoint => endpoint.Address, StringComparer.Ordinal)
            .ThenBy(endpoint => endpoint.Port)
            .ToEquatableArray(),
    };

    /// <summary>
    /// As kube-proxy does: hints count when every ready endpoint has one, so that a change half done sends nobody the wrong way. Where the
    /// service asks for nearness and nobody wrote hints, they are those that Kubernetes' controller would write.
    /// </summary>
    private static IEnumerable<Endpoint> WithHints(CatalogService service, List<Endpoint> endpoints)
    {
        if (service.Nearness != EndpointNearness.Indifferent && endpoints.All(static endpoint => endpoint is { ForZones.IsEmpty: true, ForNodes.IsEmpty: true }))
        {
            endpoints = endpoints.ConvertAll(endpoint => Hinted(endpoint, service.Nearness));
        }

        var ready = endpoints.Where(static endpoint => endpoint.Health == EndpointHealth.Ready).ToList();
        var byZone = service.Reach == EndpointReach.Mesh && ready.TrueForAll(static endpoint => !endpoint.ForZones.IsEmpty);
        var byNode = service.Reach == EndpointReach.Mesh && ready.TrueForAll(static endpoint => !endpoint.ForNodes.IsEmpty);
        return endpoints.Select(endpoint => endpoint is { ForZones.IsEmpty: true, ForNodes.IsEmpty: true }
            ? endpoint
            : endpoint with
            {
                ForZones = byZone && endpoint.Health == EndpointHealth.Ready ? endpoint.ForZones : [],
                ForNodes = byNode && endpoint.Health == EndpointHealth.Ready ? endpoint.ForNodes : [],
            });
    }

    private static Endpoint Hinted(Endpoint endpoint, EndpointNearness nearness) => endpoint with
    {
        ForZones = endpoint.Zone.Length > 0 ? [endpoint.Zone] : [],
        ForNodes = nearness == EndpointNearness.Node && endpoint.Node is { } node ? [node.Value] : [],
    };
}
