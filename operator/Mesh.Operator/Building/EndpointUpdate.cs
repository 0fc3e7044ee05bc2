// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>Endpoints of the services that changed objects concern. The cost does not depend on the number of services.</summary>
internal static class EndpointUpdate
{
    public static (EndpointIndex Index, ImmutableDictionary<ServicePortName, EndpointSet> Endpoints, EquatableArray<ServicePortName> Changed) Apply(
        BuildResult previous, ServiceCatalog catalog, StoreChange change)
    {
        var touched = new SortedSet<ServiceName>();
        var index = previous.Memory is { } memory
            ? memory.Index.Follow(previous.Resources, change, catalog, touched)
            : EndpointIndex.Build(catalog, change.Resources);
        if (previous.Memory is null)
        {
            touched.UnionWith(catalog.Services.Keys);
        }

        var before = previous.Model.Endpoints;
        var pods = new PodsByNamespace(change.Resources);
        var endpoints = before.ToBuilder();
        var changed = new List<ServicePortName>();
        foreach (var name in touched)
        {
            var sets = index.SetsOf(name, change.Resources, pods.Of).ToDictionary(set => set.Name);
            foreach (var gone in previous.Memory?.Index.PortsOf(name).Where(port => !sets.ContainsKey(port)) ?? [])
            {
                endpoints.Remove(gone);
                changed.Add(gone);
            }

            foreach (var set in sets.Values.Where(set => before.GetValueOrDefault(set.Name) != set))
            {
                endpoints[set.Name] = set;
                changed.Add(set.Name);
            }
        }

        return (index, endpoints.ToImmutable(), changed.Order().ToEquatableArray());
    }
}
