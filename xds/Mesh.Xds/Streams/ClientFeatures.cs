// SPDX-License-Identifier: Apache-2.0
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace Mesh.Xds.Streams;

/// <summary>
/// Of the well-known features that a client may say to have (Envoy's "Well Known Client Features") those that change what it is sent. The
/// others are not kept: see ARCHITECTURE.
/// </summary>
[Flags]
internal enum ClientFeatures
{
    None = 0,

    /// <summary><c>xds.config.resource-in-sotw</c>: a state-of-the-world response may hold resources in a wrapper, which tells their TTL.</summary>
    ResourceInSotw = 1,
}

internal static class ClientFeaturesReader
{
    public const string ResourceInSotw = "xds.config.resource-in-sotw";

    public static ClientFeatures Of(EnvoyNode? node) =>
        node?.ClientFeatures.Contains(ResourceInSotw) == true ? ClientFeatures.ResourceInSotw : ClientFeatures.None;
}
