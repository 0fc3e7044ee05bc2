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
        Destinations(service).Select(d => Build(d.Address, d.Port.Protocol));

    public static IEnumerable<ListenerName> Names(MeshService service) => Destinations(service).Select(d => ListenerName.Of(d.Address));

    private static IEnumerable<(ServiceAddress Address, ServicePort Port)> Destinations(MeshService service) =>
        from address in service.Addresses
        from port in service.Ports
        let destination = new ServiceAddress(address, port.Name.Port)
        where destination.IsLoopback
        select (destination, port);

    private static XdsResource Build(ServiceAddress address, PortProtocol protocol)
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
        if (IsInspected(protocol))
        {
            ListenerFilters.Inspect(listener);
            listener.FilterChainMatcher = ChainMatching.ByProtocol();
            listener.FilterChains.Add(FilterChains.ForHttp());
        }

        listener.FilterChains.Add(FilterChains.ForTcp());
        return Listeners.Resource(name, listener, Origins.None);
    }

    /// <summary>TLS on a port declared HTTP is carried as bytes, hence the look.</summary>
    private static bool IsInspected(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Detect or PortProtocol.Http or PortProtocol.Http2 => true,
        PortProtocol.Tcp => false,
    };
}
