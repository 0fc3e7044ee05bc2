// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Mesh.Operator.Admission.Certificates;

/// <summary>What the admission port presents now; replaced as a whole, connections go on.</summary>
internal sealed class ServingCertificate
{
    private SslStreamCertificateContext? current;

    /// <summary>Null before the first.</summary>
    public X509Certificate2? Leaf => Volatile.Read(ref current)?.TargetCertificate;

    /// <param name="leaf">With its private key.</param>
    /// <param name="between">Certificates between it and its root.</param>
    public void Take(X509Certificate2 leaf, X509Certificate2Collection between) =>
        Volatile.Write(ref current, SslStreamCertificateContext.Create(leaf, between, offline: true));

    /// <summary>For one handshake.</summary>
    public SslServerAuthenticationOptions Options() => new()
    {
        ServerCertificateContext = Volatile.Read(ref current)
            ?? throw new AuthenticationException("Admission has no certificate yet: the API server could not be asked for it, or refused."),
        AllowRenegotiation = false,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };
}
