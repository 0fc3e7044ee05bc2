// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Naming;

namespace Mesh.Xds.Translation.Proxyless;

/// <summary>All resources of one service for gRPC clients that need no proxy, except its endpoints. Each is sent to who asks for it by name.</summary>
internal static class ProxylessResources
{
    public static IEnumerable<XdsResource> Build(MeshService service) => service.Ports.SelectMany(port =>
        (IEnumerable<XdsResource>)[CallClusters.Build(port), CallRoutes.Build(port, clientNamespace: ""), .. ApiListeners.Build(port.Name)]);

    /// <summary>The names of what <see cref="Build"/> makes.</summary>
    public static IEnumerable<ResourceKey> Keys(MeshService service) => service.Ports.SelectMany(port =>
        (IEnumerable<ResourceKey>)
        [
            ClusterName.Of(port.Name).Key,
            RouteConfigurationName.Of(port.Name).Key,
            .. ListenerName.TargetsOf(port.Name).Select(name => name.Key),
        ]);

    /// <summary>Only the route tables, for clients of a namespace that has routes of its own.</summary>
    public static IEnumerable<XdsResource> Routes(MeshService service, string clientNamespace) =>
        service.Ports.Select(port => CallRoutes.Build(port, clientNamespace));

    public static IEnumerable<ResourceKey> RouteKeys(MeshService service) =>
        service.Ports.Select(port => RouteConfigurationName.Of(port.Name).Key);

    /// <summary>What is there whatever the mesh holds.</summary>
    public static IEnumerable<XdsResource> Constant() => [CallAssignments.NoBackend(), CallClusters.NoBackend()];
}
