// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model;

/// <summary>How connections of pods come into a node's Envoy.</summary>
public enum CaptureMode
{
    /// <summary>Envoy listens on every service's own loopback address and port: no privilege and no kernel help, for file mode.</summary>
    Loopback,

    /// <summary>The kernel redirects connections to a few constant listeners, with their original destination.</summary>
    Redirect,
}

/// <summary>A node as the control plane knows it from the proxy's own first words.</summary>
public sealed record MeshNode(NodeName Name, CaptureMode Capture)
{
    /// <summary>Set where an application asks that needs no proxy; then nothing is captured, whatever <see cref="Capture"/> says.</summary>
    public ProxylessClient? Proxyless { get; init; }
}
