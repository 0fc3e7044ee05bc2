// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;
using Mesh.Crds.Access;

namespace Mesh.Operator.Admission.Certificates;

/// <summary>Keys ↔ the content of a Secret.</summary>
internal static class AdmissionSecret
{
    private const string Trusted = "ca.crt";
    private const string AuthorityCertificate = "authority.crt";
    private const string AuthorityKey = "authority.key";
    private const string LeafCertificate = "tls.crt";
    private const string LeafKey = "tls.key";
    private const string OwnerAnnotation = "cert-manager.io/certificate-name";

    /// <summary>Null where the Secret holds something else, or nothing: it is then written anew.</summary>
    public static AdmissionKeys? Read(V1Secret? secret)
    {
        try
        {
            if (Pair(secret, AuthorityCertificate, AuthorityKey) is { } authority && Pair(secret, LeafCertificate, LeafKey) is { } leaf && Text(secret, Trusted) is { } pem)
            {
                var trusted = new X509Certificate2Collection();
                trusted.ImportFromPem(pem);
                return trusted.Any(one => one.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span)) ? new AdmissionKeys(authority, leaf, trusted) : null;
            }
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // As good as empty. The text of the exception is not passed on: who knows what of the content it repeats.
        }

        return null;
    }

    /// <summary>Name of the Certificate that cert-manager keeps the Secret for; null where it does not. Two that keep one Secret would overwrite each other for ever.</summary>
    public static string? ForeignOwner(V1Secret? secret) =>
        secret?.Metadata?.Annotations is { } annotations && annotations.TryGetValue(OwnerAnnotation, out var owner) ? owner : null;

    /// <summary>The certificate that somebody else keeps in a Secret of type kubernetes.io/tls, with what comes between it and its root.</summary>
    public static (X509Certificate2 Leaf, X509Certificate2Collection Between)? ReadForeign(V1Secret secret)
    {
        try
        {
            if (Pair(secret, LeafCertificate, LeafKey) is { } leaf && Text(secret, LeafCertificate) is { } pem)
            {
                var chain = new X509Certificate2Collection();
                chain.ImportFromPem(pem);
                chain.RemoveAt(0);
                return (leaf, chain);
            }
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // As above.
        }

        return null;
    }

    /// <summary>The Secret with these keys in it; resourceVersion and type are kept, so that another replica's write in between is noticed.</summary>
    public static V1Secret Write(V1Secret? stored, string space, AdmissionKeys keys) => new()
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = stored?.Metadata ?? new V1ObjectMeta
        {
            Name = OperatorNames.AdmissionSecret,
            NamespaceProperty = space,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["app.kubernetes.io/managed-by"] = OperatorNames.Operator,
                ["app.kubernetes.io/part-of"] = OperatorNames.Operator,
            },
        },
        Type = stored?.Type ?? "kubernetes.io/tls",
        Data = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [Trusted] = keys.Bundle,
            [AuthorityCertificate] = Encoding.ASCII.GetBytes(keys.Authority.ExportCertificatePem()),
            [AuthorityKey] = KeyOf(keys.Authority),
            [LeafCertificate] = Encoding.ASCII.GetBytes(keys.Leaf.ExportCertificatePem()),
            [LeafKey] = KeyOf(keys.Leaf),
        },
    };

    private static byte[] KeyOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey() ?? throw new CryptographicException("Our own certificates have ECDSA keys.");
        return Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem());
    }

    private static X509Certificate2? Pair(V1Secret? secret, string certificate, string key) =>
        Text(secret, certificate) is { } pem && Text(secret, key) is { } keyPem ? X509Certificate2.CreateFromPem(pem, keyPem) : null;

    private static string? Text(V1Secret? secret, string field) =>
        secret?.Data is { } data && data.TryGetValue(field, out var bytes) && bytes is { Length: > 0 } ? Encoding.UTF8.GetString(bytes) : null;
}
