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
    /// <summary>Where anything may be spoken, a client that says nothing is taken for one that waits for its server to speak.</summary>
    private static readonly TimeSpan SilenceOfUndeclared = TimeSpan.FromSeconds(0.3);

    /// <summary>
    /// Where HTTP is spoken, silence means nothing: it is a connection opened ahead, or a client short of CPU. Only TLS, which is carried
    /// as bytes, still needs its first bytes within this time.
    /// </summary>
    private static readonly TimeSpan SilenceOfHttp = TimeSpan.FromSeconds(15);

    public static ListenerFilter OriginalDestination() => Filter("envoy.filters.listener.original_dst", new OriginalDst());

    /// <summary>Makes <paramref name="listener"/> look at the first bytes of its connections, which may be anything.</summary>
    public static void DetectHttp(Listener listener)
    {
        DetectTls(listener, SilenceOfUndeclared);
        listener.ListenerFilters.Add(Filter("envoy.filters.listener.http_inspector", new HttpInspector()));
    }

    /// <summary>Makes <paramref name="listener"/> look at the first bytes of its connections, which are HTTP unless they are TLS.</summary>
    public static void DetectTls(Listener listener) => DetectTls(listener, SilenceOfHttp);

    private static void DetectTls(Listener listener, TimeSpan silence)
    {
        listener.ListenerFilters.Add(Filter("envoy.filters.listener.tls_inspector", new TlsInspector()));
        listener.ListenerFiltersTimeout = silence.ToDuration();
        listener.ContinueOnListenerFiltersTimeout = true;
    }

    private static ListenerFilter Filter(string name, IMessage config) => new() { Name = name, TypedConfig = ProtoValues.Pack(config) };
}
