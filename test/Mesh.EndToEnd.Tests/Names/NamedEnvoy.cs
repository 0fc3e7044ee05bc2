// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.RegularExpressions;
using Mesh.EndToEnd.Tests.Ads;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Names;

/// <summary>Bootstraps of Envoys that ask for collections, and calls to their listeners.</summary>
internal static partial class NamedEnvoy
{
    public const string Listeners = "xdstp://mesh/envoy.config.listener.v3.Listener/n1/";
    public const string Clusters = "xdstp://mesh/envoy.config.cluster.v3.Cluster/n1/";

    /// <param name="server">The server.</param>
    /// <param name="locators">What is in <c>dynamic_resources</c> beside <c>ads_config</c>.</param>
    public static Task<AdsEnvoy> StartAsync(Uri server, string locators) => AdsEnvoy.StartAsync(
        $$"""
        node: {id: node/n1, cluster: mesh, metadata: {capture: loopback} }
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0} } }
        dynamic_resources:
          ads_config: {api_type: DELTA_GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: xds} }]}
          {{locators}}
        static_resources:
          clusters:
          - name: xds
            type: STATIC
            connect_timeout: 1s
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {} }
            load_assignment: {cluster_name: xds, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: {{server.Host}}, port_value: {{server.Port}} } } } }]}]}
        """);

    /// <summary>Calls the listener with this host and gives status and body.</summary>
    public static async Task<(HttpStatusCode Status, string Body)> CallAsync(this AdsEnvoy envoy, string listener, string host)
    {
        // Before that a listener has an address but does not listen.
        await envoy.AdminAsync("/server_info", static text => text.Contains("\"LIVE\"", StringComparison.Ordinal));
        var listeners = await envoy.AdminAsync("/listeners", text => Address().IsMatch(text) && text.Contains(listener + "::", StringComparison.Ordinal));
        var address = Address().Match(listeners[listeners.IndexOf(listener + "::", StringComparison.Ordinal)..]).Groups["address"].Value;
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{address}/"));
        request.Headers.Host = host;
        using var response = await client.SendAsync(request).WithTimeout();
        return (response.StatusCode, await response.Content.ReadAsStringAsync().WithTimeout());
    }

    [GeneratedRegex("::(?<address>[0-9.]+:[0-9]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
