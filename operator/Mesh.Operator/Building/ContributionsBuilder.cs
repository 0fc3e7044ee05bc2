// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>Reads from the origins in the model where each object has effect, so that the two can never disagree.</summary>
internal static class ContributionsBuilder
{
    /// <param name="previous">What it was.</param>
    /// <param name="services">Services that are others than before.</param>
    /// <param name="mesh">The Mesh before and now: its own settings concern every proxy, also where no service takes over a default.</param>
    public static ImmutableDictionary<ObjectKey, Contribution> Follow(
        ImmutableDictionary<ObjectKey, Contribution> previous, IReadOnlyCollection<Difference<MeshService>> services, (ResourceRef? Old, ResourceRef? New) mesh)
    {
        var next = previous.ToBuilder();
        var (gone, come) = (PortsOf(services.Select(service => service.Old)), PortsOf(services.Select(service => service.New)));
        foreach (var (reference, ports) in gone.Where(pair => !IsSame(pair, come)))
        {
            Put(next, reference, next[KeyOf(reference)].Ports.Where(port => !ports.Contains(port)));
        }

        foreach (var (reference, ports) in come.Where(pair => !IsSame(pair, gone)))
        {
            var known = next.GetValueOrDefault(KeyOf(reference))?.Ports ?? [];
            Put(next, reference, Merge(known, [.. ports.Order()]));
        }

        if (mesh.Old is { } old && mesh.Old != mesh.New && next.GetValueOrDefault(KeyOf(old))?.Reference == old)
        {
            next.Remove(KeyOf(old));
        }

        if (mesh.New is { } current && !next.ContainsKey(KeyOf(current)))
        {
            next[KeyOf(current)] = new Contribution(current, []);
        }

        return next.ToImmutable();
    }

    /// <summary>The object has effect where it had: what has an effect everywhere (the Mesh's defaults) is not gone through for each change.</summary>
    private static bool IsSame(
        KeyValuePair<ResourceRef, HashSet<ServicePortName>> one, Dictionary<ResourceRef, HashSet<ServicePortName>> others) =>
        others.TryGetValue(one.Key, out var ports) && ports.SetEquals(one.Value);

    /// <summary>Both are sorted, and have nothing in common.</summary>
    private static IEnumerable<ServicePortName> Merge(EquatableArray<ServicePortName> known, ServicePortName[] added)
    {
        var at = 0;
        foreach (var port in known)
        {
            while (at < added.Length && added[at].CompareTo(port) < 0)
            {
                yield return added[at++];
            }

            yield return port;
        }

        while (at < added.Length)
        {
            yield return added[at++];
        }
    }

    private static Dictionary<ResourceRef, HashSet<ServicePortName>> PortsOf(IEnumerable<MeshService?> services)
    {
        var ports = new Dictionary<ResourceRef, HashSet<ServicePortName>>();
        foreach (var port in services.OfType<MeshService>().SelectMany(service => service.Ports))
        {
            var rules = port.Routes.Producer.Concat(port.Routes.Consumers.SelectMany(consumer => consumer.Rules));
            foreach (var origin in rules.Select(rule => rule.Origins).Prepend(port.ClusterOrigins).SelectMany(origins => origins.Refs))
            {
                if (!ports.TryGetValue(origin, out var known))
                {
                    ports.Add(origin, known = []);
                }

                known.Add(port.Name);
            }
        }

        return ports;
    }

    private static void Put(ImmutableDictionary<ObjectKey, Contribution>.Builder into, ResourceRef reference, IEnumerable<ServicePortName> ports)
    {
        var all = ports.ToEquatableArray();
        if (all.IsEmpty)
        {
            into.Remove(KeyOf(reference));
        }
        else
        {
            into[KeyOf(reference)] = new Contribution(reference, all);
        }
    }

    private static ObjectKey KeyOf(ResourceRef reference) => new(reference.Kind, reference.Namespace, reference.Name);
}
