// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Policies;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;
using ServicePort = Mesh.Model.ServicePort;

namespace Mesh.Operator.Building;

/// <summary>Builds from the whole set.</summary>
internal static class FullBuild
{
    /// <param name="resources">The whole set.</param>
    /// <param name="previous">What was built of the set before.</param>
    /// <param name="keepsEndpoints">Nothing changed since then that endpoints or workloads are made of.</param>
    public static BuildResult Build(ResourceSet resources, BuildResult? previous, bool keepsEndpoints)
    {
        var kept = keepsEndpoints && previous?.Index is not null ? previous : null;
        var findings = new FindingTable();
        var book = RuleBook.Build(resources, findings);
        var services = BuildServices(book);
        var workloads = kept?.Model.Workloads ?? WorkloadsBuilder.Build(resources);
        var enrolled = Enrolment.Namespaces(resources.Namespaces, workloads);
        SourceProblems.Report(resources, findings);
        CoreChecks.Report(resources, findings);
        ConsumerChecks.Report(book, enrolled, findings);
        var index = kept?.Index ?? EndpointIndex.Build(book.Catalog, resources);
        var built = new MeshModel
        {
            Revision = resources.Revision,
            Services = services,
            Endpoints = kept?.Model.Endpoints ?? BuildEndpoints(resources, index, services.Keys),
            Workloads = workloads,
            Zones = kept?.Model.Zones ?? NodeZones.Build(resources.Nodes, previous?.Model.Zones ?? MeshModel.Empty.Zones),
            Settings = book.Mesh.Settings,
            Changes = null,
        };
        return new BuildResult
        {
            Resources = resources,
            Model = previous is null ? built : ModelReuse.Reuse(built, previous.Model),
            Findings = findings.ToImmutable(),
            Contributions = ContributionsBuilder.Build(book.Mesh, services.Values),
            Enrolled = enrolled,
            Index = index,
        };
    }

    private static ImmutableDictionary<ServiceName, MeshService> BuildServices(RuleBook book)
    {
        var settings = new EffectiveSettings(book.Levels);
        var tables = new RouteTableBuilder(book.Tables, settings);
        return book.Catalog.Services.Values
            .Where(service => service.Kind != ServiceKind.ExternalName && !service.Ports.IsEmpty)
            .ToImmutableDictionary(service => service.Name, service => Service(service, settings, tables));
    }

    private static MeshService Service(CatalogService service, EffectiveSettings settings, RouteTableBuilder tables) => new()
    {
        Name = service.Name,
        Addresses = service.Addresses,
        Ports = service.Ports.Select(port => Port(port, settings, tables)).ToEquatableArray(),
    };

    private static ServicePort Port(CatalogPort port, EffectiveSettings settings, RouteTableBuilder tables)
    {
        var (cluster, origins) = settings.OfCluster(port.Name);
        return new ServicePort
        {
            Name = port.Name,
            PortName = port.PortName,
            Protocol = port.Protocol is PortProtocol.Detect && (tables.HasRoutes(port) || settings.ShapesRequestsOf(port.Name))
                ? PortProtocol.Http
                : port.Protocol,
            Cluster = cluster,
            Routes = tables.Build(port),
            ClusterOrigins = origins,
        };
    }

    private static ImmutableDictionary<ServicePortName, EndpointSet> BuildEndpoints(
        ResourceSet resources, EndpointIndex index, IEnumerable<ServiceName> services)
    {
        var pods = new PodsByNamespace(resources);
        return services
            .SelectMany(name => index.SetsOf(name, resources, pods.Of))
            .ToImmutableDictionary(set => set.Name);
    }
}
