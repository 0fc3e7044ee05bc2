// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Cluster.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.Endpoint.V3;
using Envoy.Service.Extension.V3;
using Envoy.Service.Listener.V3;
using Envoy.Service.Route.V3;
using Envoy.Service.Runtime.V3;
using Envoy.Service.Secret.V3;
using Grpc.Reflection;

namespace Mesh.Xds.Hosting;

/// <summary>What a client that asks by reflection is told to be here. The services are bound by hand, so that they do not tell it themselves.</summary>
internal static class DiscoveryServices
{
    public static ReflectionServiceImpl Reflection() => new(
        AggregatedDiscoveryService.Descriptor,
        ClusterDiscoveryService.Descriptor,
        EndpointDiscoveryService.Descriptor,
        ListenerDiscoveryService.Descriptor,
        RouteDiscoveryService.Descriptor,
        ScopedRoutesDiscoveryService.Descriptor,
        VirtualHostDiscoveryService.Descriptor,
        SecretDiscoveryService.Descriptor,
        ExtensionConfigDiscoveryService.Descriptor,
        RuntimeDiscoveryService.Descriptor,
        Grpc.Health.V1.Health.Descriptor);
}
