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
    public static Task<AdsEnvoy> StartAsync(Uri server, string locators) => AdsEnvoy.StartAsync(AdsEnvoy.Bootstrap(server, AdsEnvoy.Delta, locators));

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
