// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>The short way for what changes most: endpoints and pods. Its cost does not depend on the number of services.</summary>
internal static class EndpointUpdate
{
    /// <summary>Kinds that shape nothing but endpoints and workloads; the last two shape nothing yet.</summary>
    public static bool Handles(string kind) => kind is "EndpointSlice" or "Pod" or "ServiceAccount" or "Namespace";

    public static BuildResult Apply(BuildResult previous, EndpointIndex index, StoreChange change)
    {
        var resources = change.Resources;
        var touched = new SortedSet<ServiceName>();
        var next = index.Follow(previous.Resources, resources, change.Changed.Order(), touched);
        var (endpoints, changed) = Endpoints(previous.Model.Endpoints, next, resources, touched);
        return previous with
        {
            Resources = resources,
            Model = previous.Model with
            {
                Revision = resources.Revision,
                Endpoints = endpoints,
                Workloads = Workloads(previous, change),
                Changes = new ModelChanges(previous.Model.Revision, [], changed),
            },
            Findings = Findings(previous, change),
            Index = next,
        };
    }

    private static (ImmutableDictionary<ServicePortName, EndpointSet> Endpoints, EquatableArray<ServicePortName> Changed) Endpoints(
        ImmutableDictionary<ServicePortName, EndpointSet> previous, EndpointIndex index, ResourceSet resources, SortedSet<ServiceName> touched)
    {
        var pods = new PodsByNamespace(resources);
        var endpoints = previous.ToBuilder();
        var changed = new List<ServicePortName>();
        foreach (var set in touched.SelectMany(name => index.SetsOf(name, resources, pods.Of)))
        {
            if (previous.GetValueOrDefault(set.Name) != set)
            {
                endpoints[set.Name] = set;
                changed.Add(set.Name);
            }
        }

        return (endpoints.ToImmutable(), changed.ToEquatableArray());
    }

    private static EquatableArray<Workload> Workloads(BuildResult previous, StoreChange change)
    {
        var isSame = change.Changed
            .Where(key => key.Kind == "Pod")
            .All(key => WorkloadsBuilder.Of(key, previous.Resources.Pods.GetValueOrDefault(key))
                == WorkloadsBuilder.Of(key, change.Resources.Pods.GetValueOrDefault(key)));
        return isSame
            ? previous.Model.Workloads
            : ModelReuse.Merge(WorkloadsBuilder.Build(change.Resources.Pods), previous.Model.Workloads);
    }

    /// <summary>Objects of these kinds have no findings but the source's own.</summary>
    private static ImmutableDictionary<ObjectKey, EquatableArray<Finding>> Findings(BuildResult previous, StoreChange change)
    {
        var findings = previous.Findings;
        foreach (var key in change.Changed)
        {
            var current = FindingTable.Sort(SourceProblems.Of(key, change.Resources));
            findings = current.IsEmpty ? findings.Remove(key) : findings.SetItem(key, current);
        }

        return findings;
    }
}
