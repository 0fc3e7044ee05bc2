// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Policies;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Sources;
using ServicePort = Mesh.Model.ServicePort;

namespace Mesh.Operator.Building.Services;

/// <summary>Writes out port by port what rules a service.</summary>
internal static class MeshServiceBuilder
{
    public static bool IsOf(ObjectKey key) => key.Kind == nameof(Crds.Core.Service);

    /// <summary>Null where the model leaves it out.</summary>
    public static MeshService? Build(ObjectKey key, Lookups lookups)
    {
        if (lookups.Service(ServiceCatalog.NameOf(key)) is not { Kind: not ServiceKind.ExternalName, Ports.IsEmpty: false } service)
        {
            return null;
        }

        var settings = new EffectiveSettings(new PolicyLevels(lookups));
        var tables = new RouteTableBuilder(lookups, settings);
        return new MeshService
        {
            Name = service.Name,
            Addresses = service.Addresses,
            Ports = service.Ports.Select(port => Port(port, settings, tables)).ToEquatableArray(),
        };
    }

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
}
