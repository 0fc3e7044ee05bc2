// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Mesh.Model;
using Mesh.Xds.Naming;

namespace Mesh.Xds.Translation;

/// <summary>
/// Where nothing redirects connections, Envoy listens on every service's own loopback address and port. The filter chains are those
/// of redirected traffic; only how the destination becomes known differs.
/// </summary>
internal static class LoopbackListeners
{
    /// <summary>One listener for each loopback address and port of <paramref name="service"/>; its other addresses cannot be listened on.</summary>
    public static IEnumerable<XdsResource> Build(MeshService service) =>
        Destinations(service).Select(d => Build(d.Address, d.Port));

    public static IEnumerable<ListenerName> Names(MeshService service) => Destinations(service).Select(d => ListenerName.Of(d.Address));

    private static IEnumerable<(ServiceAddress Address, ServicePort Port)> Destinations(MeshService service) =>
        from address in service.Addresses
        from port in service.Ports
        let destination = new ServiceAddress(address, port.Name.Port)
        where destination.IsLoopback
        select (destination, port);

    private static XdsResource Build(ServiceAddress address, ServicePort port)
    {
        var name = ListenerName.Of(address);
        var listener = new Listener
        {
            Name = name.Value,
            Address = ProtoValues.Socket(address.Address, address.Port),
            TrafficDirection = TrafficDirection.Outbound,

            // With it two Envoys on one machine could share the address, and each would get a part of the connections.
            EnableReusePort = false,
        };
        if (port.IsHttp)
        {
            ListenerFilters.DetectTls(listener);
            listener.FilterChainMatcher = ChainMatching.HttpUnlessTls();
        }
        else if (port.Protocol != PortProtocol.Tcp)
        {
            ListenerFilters.DetectHttp(listener);
            listener.FilterChainMatcher = ChainMatching.ByProtocol();
        }

        if (listener.FilterChainMatcher is not null)
        {
            listener.FilterChains.Add(FilterChains.ForHttp());
        }

        listener.FilterChains.Add(FilterChains.ForTcp());
        return Listeners.Resource(name, listener, Origins.None);
    }
}
