// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Mesh.Xds.Hosting.Tls;

/// <summary>What an endpoint presents and whom it trusts, made of the content of its files.</summary>
/// <param name="Server">Certificate, key and intermediates.</param>
/// <param name="ClientCa">Roots, and certificates below them, that clients' certificates may lead to; empty where none is asked for.</param>
internal sealed record TlsMaterial(SslStreamCertificateContext Server, X509Certificate2Collection ClientCa)
{
    public X509Certificate2 Leaf => Server.TargetCertificate;

    /// <exception cref="TlsFileException">One of the files is not what it must be.</exception>
    public static TlsMaterial Parse(TlsContent content, TlsFiles paths, DateTimeOffset now)
    {
        var chain = Certificates(content.Certificate, paths.Certificate);
        var leaf = WithKey(chain[0], content.Key, paths);
        if (leaf.NotAfter.ToUniversalTime() < now.UtcDateTime)
        {
            throw new TlsFileException($"{paths.Certificate}: expired at {leaf.NotAfter.ToUniversalTime():u}; a certificate in force is needed");
        }

        chain.RemoveAt(0);
        return new TlsMaterial(SslStreamCertificateContext.Create(leaf, chain, offline: true), Roots(content.ClientCa, paths.ClientCa));
    }

    private static X509Certificate2Collection Roots(byte[]? pem, string? path)
    {
        if (pem is null || path is null)
        {
            return [];
        }

        var roots = Certificates(pem, path);
        return roots.Any(static root => root.SubjectName.RawData.AsSpan().SequenceEqual(root.IssuerName.RawData))
            ? roots
            : throw new TlsFileException($"{path}: holds no root (a certificate that is its own issuer), so that no client could be trusted");
    }

    private static X509Certificate2Collection Certificates(ReadOnlySpan<byte> pem, string path)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException e)
        {
            throw new TlsFileException($"{path}: {e.Message}; it must hold certificates between BEGIN CERTIFICATE and END CERTIFICATE lines", e);
        }

        return found.Count > 0
            ? found
            : throw new TlsFileException($"{path}: holds no certificate; it must hold some between BEGIN CERTIFICATE and END CERTIFICATE lines");
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, ReadOnlySpan<byte> keyPem, TlsFiles paths)
    {
        var text = new char[Encoding.UTF8.GetCharCount(keyPem)];
        Encoding.UTF8.GetChars(keyPem, text);
        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), text);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new TlsFileException(
                $"{paths.Key}: holds no private key that belongs to the first certificate of {paths.Certificate}; it must be unencrypted PEM (EC or RSA)", e);
        }
        finally
        {
            Array.Clear(text);
        }
    }
}
