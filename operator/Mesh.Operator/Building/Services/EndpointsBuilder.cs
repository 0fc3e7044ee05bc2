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
    public static EndpointSet Build(CatalogPort port, CatalogService service, ImmutableSortedSet<ObjectKey> slices, ResourceSet resources)
    {
        var merged = new Dictionary<(string Address, int Port), Endpoint>();
        foreach (var key in slices)
        {
            if (resources.EndpointSlices.GetValueOrDefault(key) is not { AddressType: not EndpointSlice.HostNames } slice)
            {
                continue;
            }

            foreach (var number in PortNumbers(slice, port))
            {
                AddEndpoints(slice, number, merged);
            }
        }

        return EndpointSets.Of(port.Name, service, DualStack.Join(merged.Values, service.PrefersIPv6));
    }

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
                    OtherAddress = "",
                    Port = port,
                    Health = health,
                    Zone = candidate.Zone ?? "",
                    Node = candidate.NodeName is { Length: > 0 } node ? new NodeName(node) : null,
                    ForZones = Names(candidate.Hints?.ForZones),
                    ForNodes = Names(candidate.Hints?.ForNodes),
                    Pod = candidate.TargetRef is { Kind: "Pod", Name: { } pod } ? pod : "",
                };
            }
        }
    }

    private static EquatableArray<string> Names(IReadOnlyList<NamedHint>? hints) => hints is not { Count: > 0 }
        ? []
        : hints.Select(hint => hint?.Name)
            .OfType<string>()
            .Where(name => name.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToEquatableArray();

    private static EndpointHealth? HealthOf(EndpointConditions? conditions) => conditions switch
    {
        null or { Ready: null or true } => EndpointHealth.Ready,
        { Serving: true, Terminating: true } => EndpointHealth.Draining,
        _ => null,
    };
}
