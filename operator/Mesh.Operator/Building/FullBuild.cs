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
    public static BuildResult Build(ResourceSet resources, BuildResult? previous)
    {
        var findings = new FindingTable();
        var catalog = ServiceCatalog.Build(resources.Services, findings);
        var mesh = MeshBuilder.Build(resources, findings);
        var services = BuildServices(resources, catalog, mesh, findings);
        SourceProblems.Report(resources, findings);
        var index = EndpointIndex.Build(catalog, resources);
        var built = new MeshModel
        {
            Revision = resources.Revision,
            Services = services,
            Endpoints = BuildEndpoints(resources, index, services.Keys),
            Workloads = WorkloadsBuilder.Build(resources.Pods),
            Settings = mesh.Settings,
            Changes = null,
        };
        return new BuildResult
        {
            Resources = resources,
            Model = previous is null ? built : ModelReuse.Reuse(built, previous.Model),
            Findings = findings.ToImmutable(),
            Contributions = ContributionsBuilder.Build(mesh, services.Values),
            Index = index,
        };
    }

    private static ImmutableDictionary<ServiceName, MeshService> BuildServices(
        ResourceSet resources, ServiceCatalog catalog, MeshBasis mesh, FindingTable findings)
    {
        var policyBuilder = new PolicyBuilder(resources, catalog, findings);
        var policies = resources.TrafficPolicies
            .OrderBy(pair => pair.Key)
            .Select(pair => policyBuilder.Build(pair.Key, pair.Value))
            .OfType<CompiledPolicy>()
            .ToArray();
        var (levels, policyRoutes) = PolicyLevels.Build(policies, mesh.Defaults, findings);
        var routes = RouteTables.Build([.. RoutesBuilder.Build(resources, catalog, findings), .. policyRoutes], findings);
        var settings = new EffectiveSettings(levels);
        var tables = new RouteTableBuilder(routes, settings);
        return catalog.Services.Values
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
