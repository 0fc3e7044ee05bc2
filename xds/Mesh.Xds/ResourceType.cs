// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.Xds;

/// <summary>The kinds of xDS resources, in the order in which they are pushed (make before break: what is named comes before what names it).</summary>
public enum ResourceType
{
    Runtime,
    Secret,
    Cluster,
    Endpoint,
    Extension,
    Route,
    ScopedRoute,
    Listener,

    /// <summary>In the delta variant only; last, for it is what few streams ask for.</summary>
    VirtualHost,
}

public static class ResourceTypes
{
    private const string Domain = "type.googleapis.com/";

    public static ImmutableArray<ResourceType> PushOrder { get; } = [.. Enum.GetValues<ResourceType>()];

    /// <summary>The types that a stream of the state-of-the-world variant may ask for.</summary>
    public static ImmutableArray<ResourceType> StateOfTheWorld { get; } = PushOrder.Remove(ResourceType.VirtualHost);

    /// <summary>The name of the message.</summary>
    public static string Name(this ResourceType type) => type.TypeUrl()[Domain.Length..];

    public static string TypeUrl(this ResourceType type) => type switch
    {
        ResourceType.Runtime => "type.googleapis.com/envoy.service.runtime.v3.Runtime",
        ResourceType.Secret => "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret",
        ResourceType.Cluster => "type.googleapis.com/envoy.config.cluster.v3.Cluster",
        ResourceType.Endpoint => "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
        ResourceType.Extension => "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig",
        ResourceType.Route => "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
        ResourceType.ScopedRoute => "type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration",
        ResourceType.Listener => "type.googleapis.com/envoy.config.listener.v3.Listener",
        ResourceType.VirtualHost => "type.googleapis.com/envoy.config.route.v3.VirtualHost",
    };

    /// <summary>
    /// Whether a state-of-the-world response of the type is all that there is: what is missing in it is gone. A response of the other types
    /// says nothing of what it does not hold.
    /// </summary>
    internal static bool IsWhole(this ResourceType type) => type is ResourceType.Cluster or ResourceType.Listener or ResourceType.ScopedRoute;

    /// <summary>The type with this URL, or null for one that is not served.</summary>
    public static ResourceType? FromTypeUrl(string typeUrl)
    {
        foreach (var type in PushOrder)
        {
            if (type.TypeUrl() == typeUrl)
            {
                return type;
            }
        }

        return null;
    }
}

/// <summary>One resource's identity on the wire.</summary>
public readonly record struct ResourceKey(ResourceType Type, string Name)
{
    public override string ToString() => $"{Type} {Name}";
}
