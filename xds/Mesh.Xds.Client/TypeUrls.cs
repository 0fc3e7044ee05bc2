// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf.Reflection;

namespace Mesh.Xds.Client;

/// <summary>The resource types that an Envoy of the mesh asks for.</summary>
public static class TypeUrls
{
    public static string Cluster { get; } = Of(Envoy.Config.Cluster.V3.Cluster.Descriptor);

    public static string Endpoint { get; } = Of(ClusterLoadAssignment.Descriptor);

    public static string Listener { get; } = Of(Envoy.Config.Listener.V3.Listener.Descriptor);

    public static string Route { get; } = Of(RouteConfiguration.Descriptor);

    public static string ScopedRoute { get; } = Of(ScopedRouteConfiguration.Descriptor);

    public static string Extension { get; } = Of(TypedExtensionConfig.Descriptor);

    /// <summary>Reads resources of these types, and the extensions inside them that name other resources.</summary>
    internal static TypeRegistry Registry { get; } = TypeRegistry.FromMessages(
        Envoy.Config.Cluster.V3.Cluster.Descriptor,
        ClusterLoadAssignment.Descriptor,
        Envoy.Config.Listener.V3.Listener.Descriptor,
        RouteConfiguration.Descriptor,
        ScopedRouteConfiguration.Descriptor,
        TypedExtensionConfig.Descriptor);

    private static string Of(MessageDescriptor type) => "type.googleapis.com/" + type.FullName;
}
