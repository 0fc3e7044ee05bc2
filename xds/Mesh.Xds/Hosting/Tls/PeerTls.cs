// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Mesh.Xds.Streams;

namespace Mesh.Xds.Hosting.Tls;

/// <summary>
/// TLS between servers of one kind: each is a client of the others with what it presents as a server. They have one certificate in common; or, where
/// clients' certificates are verified, certificates of one name. Whoever has one of the same root under another name is not one of them.
/// </summary>
public sealed class PeerTls
{
    // Whoever may have a certificate at all may have it for this name.
    private const string AnyMachine = "localhost";

    private readonly ServerTls tls;

    internal PeerTls(ServerTls tls) => this.tls = tls;

    /// <summary>Whether a certificate, which has been verified, has a name that this server's own has.</summary>
    public bool IsPeer(X509Certificate2 certificate) =>
        tls.IsOwn(certificate) || (tls.Paths.ClientCa is not null && NamesOf(certificate).Overlaps(NamesOf(tls.Material.Leaf)));

    /// <summary>For one connection to another server. It is asked for at an address that no certificate names.</summary>
    public SslClientAuthenticationOptions ClientOptions()
    {
        var now = tls.Material;
        return new SslClientAuthenticationOptions
        {
            ClientCertificateContext = now.Server,
            CertificateChainPolicy = ChainPolicies.ForServers(now.ClientCa),
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is X509Certificate2 peer
                && (tls.IsOwn(peer) || ((errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None && IsPeer(peer))),
            AllowTlsResume = false,
            AllowRenegotiation = false,
        };
    }

    private static HashSet<string> NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions
            .OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static extension => extension.EnumerateDnsNames())
            .Where(static name => name != AnyMachine)
            .Select(static name => "dns:" + name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        names.UnionWith(PeerIdentity.Of(certificate).Uris.Select(static uri => "uri:" + uri));
        return names;
    }
}
