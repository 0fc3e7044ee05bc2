// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Route.V3;
using Mesh.Model;
using Mesh.Xds.Naming;

namespace Mesh.Xds.Translation;

/// <summary>Which route table serves a destination: one small resource per service address and port.</summary>
internal static class Scopes
{
    public static XdsResource Build(ServiceAddress address, ServicePortName port)
    {
        var name = ScopeName.Of(address);
        var routes = RouteConfigurationName.Of(port);
        var key = new ScopedRouteConfiguration.Types.Key();
        key.Fragments.Add(new ScopedRouteConfiguration.Types.Key.Types.Fragment { StringKey = name.Value });
        return new XdsResource
        {
            Key = name.Key,
            Message = new ScopedRouteConfiguration
            {
                Name = name.Value,

                // The node fetches the route table when a pod first calls the service.
                OnDemand = true,
                RouteConfigurationName = routes.Value,
                Key = key,
            },
            Origins = Origins.None,
            OnDemand = false,
            References = [routes.Key],
        };
    }
}
