// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;

namespace Mesh.Xds.Client;

/// <summary>Where the server is, who we are, and how patient.</summary>
public sealed record XdsClientOptions
{
    /// <summary><c>http://host:port</c>, or <c>unix:///path</c> for a unix socket.</summary>
    public required Uri Address { get; init; }

    /// <summary>Who asks; sent with every request.</summary>
    public required Node Node { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Pause before the first attempt to connect again; doubled with each that fails.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);
}
