// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Route.V3;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Xds.Naming;

namespace Mesh.Xds.Translation;

/// <summary>The route table of a service port. A request that no rule matches is answered 404 by Envoy itself.</summary>
internal static class RouteConfigurations
{
    public static XdsResource Build(ServicePort port)
    {
        var name = RouteConfigurationName.Of(port.Name);
        var host = new VirtualHost { Name = port.Name.ToString() };

        // The destination address decides; what Host a client sends is between it and the application.
        host.Domains.Add("*");
        host.Routes.AddRange(port.Protocol == PortProtocol.Tcp ? [Routes.ToWholeService(port.Name)] : RoutesOf(port.Routes));
        var configuration = new RouteConfiguration { Name = name.Value, ValidateClusters = false };
        configuration.VirtualHosts.Add(host);
        configuration.RequestHeadersToRemove.Add(OriginalDestination.Header);
        return new XdsResource
        {
            Key = name.Key,
            Message = configuration,
            Origins = OriginsOf(port),
            OnDemand = true,
            References = [],
        };
    }

    /// <summary>The ports that copies of requests to <paramref name="port"/> go to.</summary>
    public static IEnumerable<ServicePortName> MirrorsOf(ServicePort port) =>
        port.Protocol == PortProtocol.Tcp ? [] : AllRules(port.Routes).SelectMany(r => r.Mirrors).Select(m => m.Backend);

    /// <summary>Consumer scopes first, each closed by a 404 for its namespace, so that its clients never see the producer's rules.</summary>
    private static IEnumerable<Route> RoutesOf(RouteTable table)
    {
        foreach (var consumer in table.Consumers)
        {
            foreach (var rule in consumer.Rules)
            {
                yield return Routes.Build(rule, consumer.ClientNamespace);
            }

            yield return Routes.NothingElseFor(consumer.ClientNamespace);
        }

        foreach (var rule in table.Producer)
        {
            yield return Routes.Build(rule, clientNamespace: null);
        }
    }

    public static Origins OriginsOf(ServicePort port) =>
        port.Protocol == PortProtocol.Tcp ? Origins.None : Origins.Of(AllRules(port.Routes).SelectMany(r => r.Origins.Refs));

    private static IEnumerable<RouteRule> AllRules(RouteTable table) => table.Consumers.SelectMany(c => c.Rules).Concat(table.Producer);
}
