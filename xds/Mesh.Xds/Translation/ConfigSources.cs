// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;

namespace Mesh.Xds.Translation;

/// <summary>Where Envoy gets what a resource names: always from the one ADS stream, so that order can be kept.</summary>
internal static class ConfigSources
{
    /// <summary>How long a request or connection waits for a cluster that its node has not used before.</summary>
    public static readonly TimeSpan OnDemandTimeout = TimeSpan.FromSeconds(3);

    /// <summary>A cluster becomes usable without its endpoints after this; Envoy's default of 15 s would hold back every other cluster.</summary>
    private static readonly TimeSpan EndpointsTimeout = TimeSpan.FromSeconds(2);

    public static ConfigSource Ads() => new() { ResourceApiVersion = ApiVersion.V3, Ads = new AggregatedConfigSource() };

    public static ConfigSource AdsForEndpoints()
    {
        var source = Ads();
        source.InitialFetchTimeout = EndpointsTimeout.ToDuration();
        return source;
    }
}
