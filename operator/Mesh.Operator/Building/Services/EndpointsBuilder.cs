// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.Core;
using Mesh.Model;
using Mesh.Operator.Sources;
using Endpoint = Mesh.Model.Endpoint;

namespace Mesh.Operator.Building.Services;

/// <summary>The endpoints of a service's ports, from its EndpointSlices.</summary>
internal static class EndpointsBuilder
{
    public static EndpointSet Build(CatalogPort port, ImmutableSortedSet<ObjectKey> slices, ResourceSet resources)
    {
        var merged = new Dictionary<(string Address, int Port), Endpoint>();
        foreach (var key in slices)
        {
            // FQDN slices have no address to connect to.
            if (resources.EndpointSlices.GetValueOrDefault(key) is not { AddressType: not "FQDN" } slice)
            {
                continue;
            }

            foreach (var number in PortNumbers(slice, port))
            {
                AddEndpoints(slice, number, merged);
            }
        }

        return Sorted(port.Name, merged.Values);
    }

    public static EndpointSet Sorted(ServicePortName name, IEnumerable<Endpoint> endpoints) => new()
    {
        Name = name,
        Endpoints = endpoints
            .OrderBy(endpoint => endpoint.Zone, StringComparer.Ordinal)
            .ThenBy(endpoint => endpoint.Address, StringComparer.Ordinal)
            .ThenBy(endpoint => endpoint.Port)
            .ToEquatableArray(),
    };

    private static IEnumerable<int> PortNumbers(EndpointSlice slice, CatalogPort port) => (slice.Ports ?? [])
        .Where(candidate => candidate?.Port is >= 1 and <= 65535
            && candidate.Protocol is null or "" or "TCP"
            && (candidate.Name ?? "") == port.PortName)
        .Select(candidate => candidate.Port ?? 0);

    private static void AddEndpoints(EndpointSlice slice, int port, Dictionary<(string Address, int Port), Endpoint> merged)
    {
        foreach (var candidate in slice.Endpoints ?? [])
        {
            // Only the first address counts: Kubernetes gives further ones no meaning.
            if (candidate is null || HealthOf(candidate.Conditions) is not { } health
                || !Addresses.TryCanonical(candidate.Addresses is { Count: > 0 } addresses ? addresses[0] : null, out var address))
            {
                continue;
            }

            var isKnown = merged.TryGetValue((address, port), out var known);
            if (!isKnown || (known?.Health == EndpointHealth.Draining && health == EndpointHealth.Ready))
            {
                merged[(address, port)] = new Endpoint
                {
                    Address = address,
                    Port = port,
                    Health = health,
                    Zone = candidate.Zone ?? "",
                    Pod = candidate.TargetRef is { Kind: "Pod", Name: { } pod } ? pod : "",
                };
            }
        }
    }

    private static EndpointHealth? HealthOf(EndpointConditions? conditions) => conditions switch
    {
        null or { Ready: null or true } => EndpointHealth.Ready,
        { Serving: true, Terminating: true } => EndpointHealth.Draining,
        _ => null,
    };
}
