// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Mesh.Xds.Client;

/// <summary>The names of other resources that a set of resources holds: what an Envoy subscribes to because of them.</summary>
internal sealed class NamedResources
{
    public SortedSet<string> Endpoints { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Extensions { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Routes { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Clusters { get; } = new(StringComparer.Ordinal);

    /// <summary>Some connection manager takes its routes from scopes.</summary>
    public bool NeedsScopes { get; private set; }

    public static NamedResources In(IEnumerable<IMessage> resources)
    {
        var named = new NamedResources();
        foreach (var resource in resources)
        {
            named.Add(resource);
        }

        return named;
    }

    private void Add(IMessage resource)
    {
        switch (resource)
        {
            case Cluster { Type: Cluster.Types.DiscoveryType.Eds } cluster:
                Add(Endpoints, cluster.EdsClusterConfig?.ServiceName is { Length: > 0 } service ? service : cluster.Name);
                break;
            case Listener listener:
                Add(listener);
                break;
            case ScopedRouteConfiguration scope:
                Add(Routes, scope.RouteConfigurationName);
                break;
            case RouteConfiguration routes:
                Add(routes);
                break;
        }
    }

    private void Add(Listener listener)
    {
        foreach (var filter in listener.ListenerFilters)
        {
            Add(Extensions, filter.ConfigDiscovery is null ? "" : filter.Name);
        }

        foreach (var chain in listener.FilterChains.Append(listener.DefaultFilterChain).OfType<FilterChain>())
        {
            foreach (var filter in chain.Filters)
            {
                Add(Extensions, filter.ConfigDiscovery is null ? "" : filter.Name);
                AddFilter(filter.TypedConfig);
            }
        }
    }

    private void AddFilter(Any? filter)
    {
        if (filter?.Is(HttpConnectionManager.Descriptor) == true)
        {
            Add(filter.Unpack<HttpConnectionManager>());
        }
        else if (filter?.Is(TcpProxy.Descriptor) == true)
        {
            var proxy = filter.Unpack<TcpProxy>();
            Add(Clusters, proxy.Cluster);
            foreach (var cluster in proxy.WeightedClusters?.Clusters ?? [])
            {
                Add(Clusters, cluster.Name);
            }
        }
    }

    private void Add(HttpConnectionManager http)
    {
        Add(Routes, http.Rds?.RouteConfigName ?? "");
        NeedsScopes |= http.ScopedRoutes?.ScopedRds is not null;
        foreach (var filter in http.HttpFilters)
        {
            Add(Extensions, filter.ConfigDiscovery is null ? "" : filter.Name);
        }

        if (http.RouteConfig is not null)
        {
            Add(http.RouteConfig);
        }
    }

    private void Add(RouteConfiguration routes)
    {
        foreach (var action in routes.VirtualHosts.SelectMany(static host => host.Routes).Select(static route => route.Route_).OfType<RouteAction>())
        {
            Add(Clusters, action.Cluster);
            foreach (var cluster in action.WeightedClusters?.Clusters ?? [])
            {
                Add(Clusters, cluster.Name);
            }

            foreach (var mirror in action.RequestMirrorPolicies)
            {
                Add(Clusters, mirror.Cluster);
            }
        }
    }

    private static void Add(SortedSet<string> names, string name)
    {
        if (name.Length > 0)
        {
            names.Add(name);
        }
    }
}
