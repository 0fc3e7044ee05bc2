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
    /// <summary>Kinds that shape nothing but endpoints, workloads and zones; ServiceAccount shapes nothing yet.</summary>
    public static bool Handles(string kind) => kind is "EndpointSlice" or "Pod" or "ServiceAccount" or "Namespace" or "Node";

    /// <summary>Null where the change also concerns what is told of routes, and only a full build will do.</summary>
    public static BuildResult? Apply(BuildResult previous, EndpointIndex index, StoreChange change)
    {
        var resources = change.Resources;
        var workloads = Workloads(previous, change);
        var enrolled = EnrolledNamespaces(previous, change, workloads);
        if (!ReferenceEquals(enrolled, previous.Enrolled) && !enrolled.SetEquals(previous.Enrolled))
        {
            return null;
        }
        var touched = new SortedSet<ServiceName>();
        var next = index.Follow(previous.Resources, resources, change.Changed.Order(), touched);
        var (endpoints, changed) = Endpoints(previous.Model.Endpoints, next, resources, touched);
        var zones = change.Changed.Any(key => key.Kind == "Node") ? NodeZones.Build(resources.Nodes, previous.Model.Zones) : previous.Model.Zones;

        // Most of what pods and nodes go through concerns nobody: the model stays, and no proxy's stream is woken.
        var isSame = changed.IsEmpty && workloads.AsSpan() == previous.Model.Workloads.AsSpan() && ReferenceEquals(zones, previous.Model.Zones);
        return previous with
        {
            Resources = resources,
            Model = isSame ? previous.Model : previous.Model with
            {
                Revision = resources.Revision,
                Endpoints = endpoints,
                Workloads = workloads,
                Zones = zones,
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
        var isSame = change.Changed.All(key => key.Kind switch
        {
            "Pod" => WorkloadsBuilder.Of(key, previous.Resources) == WorkloadsBuilder.Of(key, change.Resources),
            "Namespace" => IsEnrolled(key, previous.Resources) == IsEnrolled(key, change.Resources),
            _ => true,
        });
        return isSame ? previous.Model.Workloads : ModelReuse.Merge(WorkloadsBuilder.Build(change.Resources), previous.Model.Workloads);
    }

    private static ImmutableHashSet<string> EnrolledNamespaces(BuildResult previous, StoreChange change, EquatableArray<Workload> workloads) =>
        workloads == previous.Model.Workloads && change.Changed.All(key => key.Kind != "Namespace")
            ? previous.Enrolled
            : Enrolment.Namespaces(change.Resources.Namespaces, workloads);

    private static bool IsEnrolled(ObjectKey key, ResourceSet resources) => Enrolment.IsEnrolled(resources.Namespaces.GetValueOrDefault(key));

    /// <summary>Objects of these kinds have no findings but those that stand in them alone.</summary>
    private static ImmutableDictionary<ObjectKey, EquatableArray<Finding>> Findings(BuildResult previous, StoreChange change)
    {
        var findings = previous.Findings;
        foreach (var key in change.Changed)
        {
            var own = CoreChecks.Of(key, change.Resources) is { } finding ? [finding] : Array.Empty<Finding>();
            var current = FindingTable.Sort(SourceProblems.Of(key, change.Resources).Concat(own));
            findings = current.IsEmpty ? findings.Remove(key) : findings.SetItem(key, current);
        }

        return findings;
    }
}
