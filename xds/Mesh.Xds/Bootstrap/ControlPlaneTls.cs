// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Bootstrap;

/// <summary>The files, at the node, by which its Envoy and a remote control plane know each other.</summary>
public sealed record ControlPlaneTls
{
    /// <summary>The node's certificate, and those between it and its root, leaf first; PEM. Null where it has none.</summary>
    public required string? Certificate { get; init; }

    /// <summary>Its private key; PEM.</summary>
    public required string? Key { get; init; }

    /// <summary>
    /// File of the token that each stream shows, as a kubelet mounts and renews it; null for none. It takes a <see cref="SecretsFolder"/>, for only
    /// so does Envoy read it again.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>The roots that the control plane's certificate must lead to; PEM.</summary>
    public required string Ca { get; init; }

    /// <summary>The name that the control plane's certificate must have: a DNS name, an IP address or a URI.</summary>
    public required string ServerName { get; init; }

    /// <summary>
    /// Path of a folder with <see cref="ControlPlaneSecrets"/>: by them Envoy reads certificates again when they are replaced, as whoever renews them
    /// wants it to. Null: Envoy reads them when it starts and never again.
    /// </summary>
    public string? SecretsFolder { get; init; }
}
