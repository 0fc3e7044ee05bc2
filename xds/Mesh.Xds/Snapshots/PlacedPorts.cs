// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;

namespace Mesh.Xds.Snapshots;

/// <summary>Ports whose endpoints are not the same seen from everywhere: mostly few.</summary>
/// <param name="ByZone">Some endpoints are meant for clients of some zones.</param>
/// <param name="ByNode">Some endpoints are meant for clients on some nodes, or for nobody else.</param>
internal sealed record PlacedPorts(ImmutableHashSet<ServicePortName> ByZone, ImmutableHashSet<ServicePortName> ByNode)
{
    public static PlacedPorts None { get; } = new([], []);

    public PlacedPorts Follow(IEnumerable<ServicePortName> changed, MeshModel model)
    {
        var (byZone, byNode) = (ByZone, ByNode);
        foreach (var port in changed)
        {
            var set = model.Endpoints.GetValueOrDefault(port);
            byZone = Place(byZone, port, set is not null && HasAny(set, static endpoint => !endpoint.ForZones.IsEmpty));
            byNode = Place(byNode, port, set is { Reach: EndpointReach.Node } || (set is not null && HasAny(set, static endpoint => !endpoint.ForNodes.IsEmpty)));
        }

        return ReferenceEquals(byZone, ByZone) && ReferenceEquals(byNode, ByNode) ? this : new PlacedPorts(byZone, byNode);
    }

    private static ImmutableHashSet<ServicePortName> Place(ImmutableHashSet<ServicePortName> ports, ServicePortName port, bool isIn) =>
        isIn ? ports.Add(port) : ports.Remove(port);

    private static bool HasAny(EndpointSet set, Func<Endpoint, bool> condition)
    {
        foreach (var endpoint in set.Endpoints)
        {
            if (condition(endpoint))
            {
                return true;
            }
        }

        return false;
    }
}
