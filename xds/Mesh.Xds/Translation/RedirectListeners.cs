// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Mesh.Model;
using Mesh.Xds.Naming;
using OnMatch = Xds.Type.Matcher.V3.Matcher.Types.OnMatch;

namespace Mesh.Xds.Translation;

/// <summary>
/// The constant listeners that redirected connections arrive at. They depend on the settings of the whole mesh only: a change of
/// services, pods or policies leaves them byte for byte alone, for a changed listener drains its connections.
/// </summary>
internal static class RedirectListeners
{
    public const int Port = 15001;
    public const int OpaquePort = 15002;
    public const int HttpPort = 15003;

    public static IReadOnlyList<XdsResource> Build(MeshSettings settings) =>
        [Outbound(settings), OutboundHttp(settings), OutboundOpaque(settings)];

    private static XdsResource Outbound(MeshSettings settings)
    {
        var listener = Listener(ListenerName.Outbound, Port);
        ListenerFilters.DetectHttp(listener);
        listener.FilterChains.Add(FilterChains.ForHttp());
        AddCommonChains(listener, settings, ChainMatching.Then(ChainMatching.ByProtocol()));
        return Listeners.Resource(ListenerName.Outbound, listener, settings.Origins);
    }

    /// <summary>Destinations known to speak HTTP (<see cref="ServicePort.IsHttp"/>): a client that is slow to begin keeps its rules.</summary>
    private static XdsResource OutboundHttp(MeshSettings settings)
    {
        var listener = Listener(ListenerName.OutboundHttp, HttpPort);
        ListenerFilters.DetectTls(listener);
        listener.FilterChains.Add(FilterChains.ForHttp());
        AddCommonChains(listener, settings, ChainMatching.Then(ChainMatching.HttpUnlessTls()));
        return Listeners.Resource(ListenerName.OutboundHttp, listener, settings.Origins);
    }

    /// <summary>Destinations declared opaque: nothing is inspected, so a server that speaks first is heard at once.</summary>
    private static XdsResource OutboundOpaque(MeshSettings settings)
    {
        var listener = Listener(ListenerName.OutboundOpaque, OpaquePort);
        AddCommonChains(listener, settings, ChainMatching.Chain(FilterChains.Tcp));
        return Listeners.Resource(ListenerName.OutboundOpaque, listener, settings.Origins);
    }

    private static Listener Listener(ListenerName name, int port)
    {
        var listener = new Listener
        {
            Name = name.Value,
            Address = ProtoValues.Socket("::", port, alsoIPv4: true),
            TrafficDirection = TrafficDirection.Outbound,
        };
        listener.ListenerFilters.Add(ListenerFilters.OriginalDestination());
        return listener;
    }

    /// <summary>A pod's own address goes to that pod whatever the mesh says of the outside.</summary>
    private static void AddCommonChains(Listener listener, MeshSettings settings, OnMatch toService)
    {
        var pods = ChainMatching.ByDestination(
            settings.PodCidrs, ChainMatching.Chain(FilterChains.Pod), ChainMatching.Chain(FilterChains.Outside));
        listener.FilterChainMatcher = ChainMatching.ByDestination(settings.ServiceCidrs, toService, ChainMatching.Then(pods));
        listener.FilterChains.Add(FilterChains.ForTcp());
        listener.FilterChains.Add(FilterChains.ForOther(FilterChains.Pod, ClusterName.Passthrough));
        listener.FilterChains.Add(FilterChains.ForOther(FilterChains.Outside, OutsideCluster(settings.OutboundTraffic)));
    }

    private static ClusterName OutsideCluster(OutboundTraffic traffic) => traffic switch
    {
        OutboundTraffic.Passthrough => ClusterName.Passthrough,
        OutboundTraffic.Block => ClusterName.Block,
    };
}
