// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Mesh.Testing;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Hosting.Tls;

namespace Mesh.EndToEnd.Tests.Transport;

/// <summary>A Secret of certificates as the kubelet mounts it.</summary>
internal sealed class MountedSecret(string folder)
{
    private readonly MountedFolder files = new(folder);

    /// <summary>For a server that reads it.</summary>
    public TlsFiles Server => new() { Certificate = files.In("tls.crt"), Key = files.In("tls.key"), ClientCa = files.In("ca.crt") };

    /// <summary>For a node that reads it.</summary>
    public ControlPlaneTls Tls(string secretsFolder) => new()
    {
        Certificate = files.In("tls.crt"),
        Key = files.In("tls.key"),
        Ca = files.In("ca.crt"),
        ServerName = "127.0.0.1",
        SecretsFolder = secretsFolder,
    };

    public Task ReplaceAsync(X509Certificate2 certificate, string roots) => files.ReplaceAsync(
        ("tls.crt", certificate.ExportCertificatePem() + "\n"), ("tls.key", TestAuthority.KeyPem(certificate)), ("ca.crt", roots));
}
