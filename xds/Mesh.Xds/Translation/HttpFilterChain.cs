// SPDX-License-Identifier: Apache-2.0
using Envoy.Extensions.Filters.Http.Fault.V3;
using Envoy.Extensions.Filters.Http.OnDemand.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;

namespace Mesh.Xds.Translation;

/// <summary>
/// The HTTP filters of every captured request. All of them are always there; a feature is switched on for a route by
/// typed_per_filter_config, so that a policy changes routes only and never a listener, which would drain connections.
/// </summary>
internal static class HttpFilterChain
{
    public const string Fault = "envoy.filters.http.fault";

    /// <summary>The order is the order of the array.</summary>
    public static IEnumerable<HttpFilter> Filters() =>
    [
        // First: a request to a route table or cluster that this node has not used waits here, before anything acts on it.
        Filter("envoy.filters.http.on_demand", OnDemand()),

        // Before whatever talks to a backend, so that an aborted request costs nothing. Without a route's own settings it does nothing.
        Filter(Fault, new HTTPFault()),

        // Last by Envoy's rule. Applications see no x-envoy-* headers that they did not ask for.
        Filter("envoy.filters.http.router", new Router { SuppressEnvoyHeaders = true }),
    ];

    private static OnDemand OnDemand() => new()
    {
        Odcds = new OnDemandCds { Source = ConfigSources.Ads(), Timeout = ConfigSources.OnDemandTimeout.ToDuration() },
    };

    private static HttpFilter Filter(string name, IMessage settings) => new() { Name = name, TypedConfig = ProtoValues.Pack(settings) };
}
