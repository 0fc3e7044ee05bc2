// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>From one build to the next. A build from nothing is the update in which every object is new.</summary>
internal static class ModelUpdate
{
    public static BuildResult Apply(BuildResult previous, StoreChange change)
    {
        var memory = previous.Memory ?? BuildMemory.Empty;
        var workloads = Workloads(previous, change);
        var enrolled = EnrolledNamespaces(previous, change, workloads);
        var facts = change.Changed.Select(key => new Fact(Step.Object, key)).ToHashSet();
        var book = memory.Book.Follow(change.Resources, enrolled, facts);
        var (services, served) = memory.Services.Follow(
            book, facts, MeshServiceBuilder.IsOf, (key, lookups) => ModelReuse.Merge(MeshServiceBuilder.Build(key, lookups), memory.Services.Of(key)));
        var (verdicts, judged) = memory.Verdicts.Follow(book, facts, static _ => true, Verdict.Build);
        var (index, endpoints, changedEndpoints) = EndpointUpdate.Apply(previous, book.Catalog, change);
        var model = previous.Model with
        {
            Revision = change.Resources.Revision,
            Services = previous.Model.Services
                .RemoveRange(served.Where(service => service.New is null).Select(service => ServiceCatalog.NameOf(service.Key)))
                .SetItems(served.Select(service => service.New).OfType<MeshService>().Select(service => KeyValuePair.Create(service.Name, service))),
            Endpoints = endpoints,
            Workloads = workloads,
            Zones = change.Changed.Any(key => key.Kind == "Node") ? NodeZones.Build(change.Resources.Nodes, previous.Model.Zones) : previous.Model.Zones,
            Settings = book.Mesh.Settings == previous.Model.Settings ? previous.Model.Settings : book.Mesh.Settings,
            Changes = new ModelChanges(
                previous.Model.Revision, served.Select(service => ServiceCatalog.NameOf(service.Key)).Order().ToEquatableArray(), changedEndpoints),
        };
        return new BuildResult
        {
            Resources = change.Resources,
            Model = previous.Memory is not null && IsNoNews(previous.Model, model, change) ? previous.Model : model,
            Findings = previous.Findings
                .RemoveRange(judged.Where(verdict => verdict.New is null).Select(verdict => verdict.Key))
                .SetItems(judged.Where(verdict => verdict.New is not null).Select(verdict => KeyValuePair.Create(verdict.Key, verdict.New!.Findings))),
            Contributions = ContributionsBuilder.Follow(
                previous.Contributions, served, (memory.Book.Mesh.Source?.Reference, book.Mesh.Source?.Reference)),
            Memory = new BuildMemory(book, services, verdicts, index),
        };
    }

    /// <summary>Most of what pods and nodes go through concerns nobody: the model stays, and no proxy's stream is woken. The first model is news.</summary>
    private static bool IsNoNews(MeshModel previous, MeshModel next, StoreChange change) =>
        change.Changed.All(key => key.Kind is "EndpointSlice" or "Pod" or "ServiceAccount" or "Namespace" or "Node")
        && ReferenceEquals(next.Services, previous.Services)
        && ReferenceEquals(next.Endpoints, previous.Endpoints)
        && next.Workloads.AsSpan() == previous.Workloads.AsSpan()
        && ReferenceEquals(next.Zones, previous.Zones);

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

    private static ImmutableHashSet<string> EnrolledNamespaces(BuildResult previous, StoreChange change, EquatableArray<Workload> workloads)
    {
        var known = previous.Memory?.Book.Enrolled ?? [];
        if (workloads == previous.Model.Workloads && change.Changed.All(key => key.Kind != "Namespace"))
        {
            return known;
        }

        var enrolled = Enrolment.Namespaces(change.Resources.Namespaces, workloads);
        return enrolled.SetEquals(known) ? known : enrolled;
    }

    private static bool IsEnrolled(ObjectKey key, ResourceSet resources) => Enrolment.IsEnrolled(resources.Namespaces.GetValueOrDefault(key));
}
