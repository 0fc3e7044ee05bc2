// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Naming;

namespace Mesh.Xds.Translation;

/// <summary>All resources of one service except its endpoints.</summary>
internal static class ServiceResources
{
    /// <param name="service">The service.</param>
    /// <param name="isMirror">Whether some route sends copies of requests to a port.</param>
    public static IEnumerable<XdsResource> Build(MeshService service, Func<ServicePortName, bool> isMirror)
    {
        foreach (var port in service.Ports)
        {
            yield return Clusters.ForRoutes(port, isMirror(port.Name));
            yield return RouteConfigurations.Build(port);
            foreach (var address in service.Addresses)
            {
                var destination = new ServiceAddress(address, port.Name.Port);
                yield return Clusters.ForAddress(destination, port);
                yield return Scopes.Build(destination, port.Name);
            }
        }
    }

    /// <summary>The names of what <see cref="Build"/> makes, without making it.</summary>
    public static IEnumerable<ResourceKey> Keys(MeshService service)
    {
        foreach (var port in service.Ports)
        {
            yield return ClusterName.Of(port.Name).Key;
            yield return RouteConfigurationName.Of(port.Name).Key;
            foreach (var address in service.Addresses)
            {
                yield return ClusterName.Of(new ServiceAddress(address, port.Name.Port)).Key;
                yield return ScopeName.Of(new ServiceAddress(address, port.Name.Port)).Key;
            }
        }
    }
}
