// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mesh.Xds.Hosting.Tls;

namespace Mesh.Testing;

/// <summary>A root made for a test, and certificates below it.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2 root;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        root = request.CreateSelfSigned(Today.AddYears(-2), Today.AddYears(2));
    }

    public string RootPem => root.ExportCertificatePem() + "\n";

    private static DateTimeOffset Today => TimeProvider.System.GetUtcNow();

    /// <summary>A certificate for 127.0.0.1 and localhost, good for servers and clients.</summary>
    /// <param name="name">Its common name.</param>
    /// <param name="uri">A URI name; null for none.</param>
    /// <param name="expired">In force until yesterday only.</param>
    public X509Certificate2 Issue(string name, string? uri = null, bool expired = false) => Issue(name, uri, expired, [ServerAuthentication, ClientAuthentication]);

    public X509Certificate2 IssueForServersOnly(string name) => Issue(name, null, false, [ServerAuthentication]);

    /// <summary>Writes files for a server, certificate last, and says where they are.</summary>
    public TlsFiles Write(string folder, X509Certificate2 server, string? clientRoots = null)
    {
        var files = new TlsFiles
        {
            Certificate = Path.Combine(folder, "tls.crt"),
            Key = Path.Combine(folder, "tls.key"),
            ClientCa = Path.Combine(folder, "ca.crt"),
        };
        File.WriteAllText(files.ClientCa, clientRoots ?? RootPem);
        File.WriteAllText(files.Key, KeyPem(server));
        File.WriteAllText(files.Certificate, server.ExportCertificatePem() + "\n");
        return files;
    }

    public static string KeyPem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey() ?? throw new ArgumentException("It has no key of this kind.", nameof(certificate));
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    public void Dispose() => root.Dispose();

    private static OidCollection Collect(Oid[] usages)
    {
        var collection = new OidCollection();
        Array.ForEach(usages, usage => collection.Add(usage));
        return collection;
    }

    private X509Certificate2 Issue(string name, string? uri, bool expired, Oid[] usages)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        if (uri is not null)
        {
            names.AddUri(new Uri(uri));
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(Collect(usages), critical: false));
        using var certificate = request.Create(
            root, Today.AddDays(-30), expired ? Today.AddDays(-1) : Today.AddDays(30), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
