// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Mesh.Operator.Admission.Certificates;

/// <summary>An authority and a certificate of it, with their keys, and whom clients must trust: what the Secret holds.</summary>
/// <param name="Authority">With its key.</param>
/// <param name="Leaf">With its key.</param>
/// <param name="Trusted">The authority, and those before it as long as a replica may present a certificate of theirs.</param>
internal sealed record AdmissionKeys(X509Certificate2 Authority, X509Certificate2 Leaf, X509Certificate2Collection Trusted)
{
    public static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(730);
    public static readonly TimeSpan LeafLife = TimeSpan.FromDays(90);

    /// <summary>How long authorities that another one came after are trusted beside it: every replica goes over to it within seconds.</summary>
    public static readonly TimeSpan FormerTrust = TimeSpan.FromDays(1);

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const int MostTrusted = 3;
    private const int SerialBytes = 16;

    /// <summary>Clocks of nodes differ.</summary>
    private static readonly TimeSpan Backdated = TimeSpan.FromMinutes(5);

    /// <summary>PEM of <see cref="Trusted"/>.</summary>
    public byte[] Bundle => Encoding.ASCII.GetBytes(string.Concat(Trusted.Select(static one => one.ExportCertificatePem() + "\n")));

    /// <summary>When only the own authority is to be trusted.</summary>
    public DateTimeOffset FormerEnd => Trusted.Count > 1
        ? new DateTimeOffset(Authority.NotBefore.ToUniversalTime(), TimeSpan.Zero) + Backdated + FormerTrust
        : DateTimeOffset.MaxValue;

    public static AdmissionKeys Make(IReadOnlyList<string> names, X509Certificate2Collection formerlyTrusted, DateTimeOffset now)
    {
        var authority = MakeAuthority(now);
        var trusted = new X509Certificate2Collection(X509CertificateLoader.LoadCertificate(authority.RawData));
        trusted.AddRange(formerlyTrusted.Where(old => old.NotAfter.ToUniversalTime() > now.UtcDateTime).Take(MostTrusted - 1).ToArray());
        return new AdmissionKeys(authority, MakeLeaf(authority, names, now), trusted);
    }

    public AdmissionKeys WithNewLeaf(IReadOnlyList<string> names, DateTimeOffset now) => this with { Leaf = MakeLeaf(Authority, names, now) };

    public AdmissionKeys WithoutFormer() => this with { Trusted = [X509CertificateLoader.LoadCertificate(Authority.RawData)] };

    /// <summary>When two thirds of its life are over, so that a third is left for replacing it.</summary>
    public static DateTimeOffset DueOf(X509Certificate2 certificate)
    {
        var (from, to) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        return new DateTimeOffset(from + ((to - from) / 3 * 2), TimeSpan.Zero);
    }

    private static X509Certificate2 MakeAuthority(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        // Authorities that follow each other have names of their own: a verifier finds the right one at once.
        var request = new CertificateRequest($"CN=mesh-operator admission authority {now:yyyyMMddHHmmss}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - Backdated, now + AuthorityLife);
    }

    private static X509Certificate2 MakeLeaf(X509Certificate2 authority, IReadOnlyList<string> names, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mesh-operator admission", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var last = new DateTimeOffset(authority.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        var end = now + LeafLife < last ? now + LeafLife : last;
        using var signed = request.Create(authority, now - Backdated, end, RandomNumberGenerator.GetBytes(SerialBytes));
        return signed.CopyWithPrivateKey(key);
    }
}
