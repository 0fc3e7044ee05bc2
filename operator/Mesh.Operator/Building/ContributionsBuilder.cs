// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>Reads from the origins in the model where each object has effect, so that the two can never disagree.</summary>
internal static class ContributionsBuilder
{
    public static ImmutableDictionary<ObjectKey, Contribution> Build(MeshBasis mesh, IEnumerable<MeshService> services)
    {
        var ports = new Dictionary<ResourceRef, SortedSet<ServicePortName>>();
        if (mesh.Source is { } source)
        {
            // The mesh's own settings concern every proxy, also where no service takes over a default.
            ports.Add(source.Reference, []);
        }

        foreach (var port in services.SelectMany(service => service.Ports))
        {
            Add(ports, port.ClusterOrigins, port.Name);
            foreach (var rule in port.Routes.Producer.Concat(port.Routes.Consumers.SelectMany(consumer => consumer.Rules)))
            {
                Add(ports, rule.Origins, port.Name);
            }
        }

        return ports.ToImmutableDictionary(
            pair => new ObjectKey(pair.Key.Kind, pair.Key.Namespace, pair.Key.Name),
            pair => new Contribution(pair.Key, pair.Value.ToEquatableArray()));
    }

    private static void Add(Dictionary<ResourceRef, SortedSet<ServicePortName>> ports, Origins origins, ServicePortName port)
    {
        foreach (var origin in origins.Refs)
        {
            if (!ports.TryGetValue(origin, out var known))
            {
                ports.Add(origin, known = []);
            }

            known.Add(port);
        }
    }
}
