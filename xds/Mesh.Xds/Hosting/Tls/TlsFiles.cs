// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Hosting.Tls;

/// <summary>The PEM files of an endpoint that speaks TLS, and whether its clients must have certificates. They are read again when they change.</summary>
public sealed record TlsFiles
{
    /// <summary>The server's certificate, and those between it and its root, leaf first.</summary>
    public required string Certificate { get; init; }

    /// <summary>The private key of that certificate, unencrypted.</summary>
    public required string Key { get; init; }

    /// <summary>The roots that a client's certificate must lead to; null where none is asked for.</summary>
    public required string? ClientCa { get; init; }

    /// <summary>A client may come without a certificate; one that shows a bad one is refused all the same.</summary>
    public bool IsCertificateOptional { get; init; }

    internal IEnumerable<string> All => ClientCa is null ? [Certificate, Key] : [Certificate, Key, ClientCa];
}
