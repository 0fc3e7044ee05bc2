// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.Core;
using Mesh.Model;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Services;

/// <summary>What is kept between builds so that a change of endpoints touches its own services only.</summary>
/// <param name="Catalog">All services.</param>
/// <param name="Slices">EndpointSlices by service.</param>
/// <param name="FromPods">By namespace the services whose endpoints come from pods, for want of slices.</param>
internal sealed record EndpointIndex(
    ServiceCatalog Catalog, SliceIndex Slices, ImmutableDictionary<string, ImmutableSortedSet<ServiceName>> FromPods)
{
    public static EndpointIndex Empty { get; } = new(
        ServiceCatalog.Empty, SliceIndex.Empty, ImmutableDictionary.Create<string, ImmutableSortedSet<ServiceName>>(StringComparer.Ordinal));

    public static EndpointIndex Build(ServiceCatalog catalog, ResourceSet resources)
    {
        var slices = SliceIndex.Build(resources.EndpointSlices);
        var fromPods = catalog.Services.Values
            .Where(service => IsFromPods(service, slices))
            .GroupBy(service => service.Name.Namespace, service => service.Name, StringComparer.Ordinal)
            .ToImmutableDictionary(group => group.Key, group => group.ToImmutableSortedSet(), StringComparer.Ordinal);
        return new EndpointIndex(catalog, slices, fromPods);
    }

    /// <summary>Follows changed services, slices, pods and nodes; tells the services whose endpoints may differ.</summary>
    public EndpointIndex Follow(ResourceSet before, StoreChange change, ServiceCatalog catalog, ISet<ServiceName> touched)
    {
        var slices = Slices;
        var fromPods = FromPods;
        foreach (var key in change.Changed.Order())
        {
            if (key.Kind == "Service")
            {
                touched.Add(ServiceCatalog.NameOf(key));
            }
            else if (key.Kind == "Pod")
            {
                touched.UnionWith(FromPods.GetValueOrDefault(key.Namespace, []));
            }
            else if (key.Kind == "Node")
            {
                // A slice says itself in which zone its endpoints are.
                touched.UnionWith(FromPods.Values.SelectMany(services => services));
            }
            else if (key.Kind == "EndpointSlice")
            {
                slices = slices.Follow(key, before.EndpointSlices.GetValueOrDefault(key), change.Resources.EndpointSlices.GetValueOrDefault(key), touched);
            }
        }

        foreach (var name in touched)
        {
            fromPods = Place(fromPods, name, catalog.Find(name) is { } service && IsFromPods(service, slices));
        }

        return new EndpointIndex(catalog, slices, fromPods);
    }

    /// <summary>Ports of a service that have an endpoint set.</summary>
    public IEnumerable<ServicePortName> PortsOf(ServiceName name) =>
        Catalog.Find(name) is { Kind: not ServiceKind.ExternalName } service ? service.Ports.Select(port => port.Name) : [];

    /// <summary>Endpoint sets of one service, in the order of its ports; none for a service that the model leaves out.</summary>
    public IEnumerable<EndpointSet> SetsOf(ServiceName name, ResourceSet resources, Func<string, IReadOnlyList<Pod>> podsOfNamespace)
    {
        if (Catalog.Find(name) is not { Kind: not ServiceKind.ExternalName } service)
        {
            return [];
        }

        var slices = Slices.Of(name);
        return service.Ports.Select(port => IsFromPods(service, Slices)
            ? PodEndpointsBuilder.Build(port, service, podsOfNamespace(name.Namespace), node => NodeZones.Of(node, resources.Nodes))
            : EndpointsBuilder.Build(port, service, slices, resources));
    }

    private static bool IsFromPods(CatalogService service, SliceIndex slices) =>
        service.Kind != ServiceKind.ExternalName && !service.Selector.IsEmpty && slices.Of(service.Name).IsEmpty;

    private static ImmutableDictionary<string, ImmutableSortedSet<ServiceName>> Place(
        ImmutableDictionary<string, ImmutableSortedSet<ServiceName>> fromPods, ServiceName name, bool isFromPods)
    {
        var known = fromPods.GetValueOrDefault(name.Namespace, []);
        var next = isFromPods ? known.Add(name) : known.Remove(name);
        return next.IsEmpty ? fromPods.Remove(name.Namespace) : fromPods.SetItem(name.Namespace, next);
    }
}
