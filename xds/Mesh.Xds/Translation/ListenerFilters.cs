// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Listener.HttpInspector.V3;
using Envoy.Extensions.Filters.Listener.OriginalDst.V3;
using Envoy.Extensions.Filters.Listener.TlsInspector.V3;
using Google.Protobuf;

namespace Mesh.Xds.Translation;

/// <summary>What a listener learns about a connection before it chooses a filter chain.</summary>
internal static class ListenerFilters
{
    /// <summary>A client that says nothing is taken for one that waits for its server to speak.</summary>
    private static readonly TimeSpan InspectionTimeout = TimeSpan.FromSeconds(0.3);

    public static ListenerFilter OriginalDestination() => Filter("envoy.filters.listener.original_dst", new OriginalDst());

    /// <summary>Makes <paramref name="listener"/> look at the first bytes of its connections.</summary>
    public static void Inspect(Listener listener)
    {
        listener.ListenerFilters.Add(Filter("envoy.filters.listener.tls_inspector", new TlsInspector()));
        listener.ListenerFilters.Add(Filter("envoy.filters.listener.http_inspector", new HttpInspector()));
        listener.ListenerFiltersTimeout = InspectionTimeout.ToDuration();
        listener.ContinueOnListenerFiltersTimeout = true;
    }

    private static ListenerFilter Filter(string name, IMessage config) => new() { Name = name, TypedConfig = ProtoValues.Pack(config) };
}
