// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Hosting.Tls;

/// <summary>The PEM files of an endpoint that speaks TLS and asks its clients for a certificate. They are read again when they change.</summary>
public sealed record TlsFiles
{
    /// <summary>The server's certificate, and those between it and its root, leaf first.</summary>
    public required string Certificate { get; init; }

    /// <summary>The private key of that certificate, unencrypted.</summary>
    public required string Key { get; init; }

    /// <summary>The roots that a client's certificate must lead to.</summary>
    public required string ClientCa { get; init; }

    internal IEnumerable<string> All => [Certificate, Key, ClientCa];
}
