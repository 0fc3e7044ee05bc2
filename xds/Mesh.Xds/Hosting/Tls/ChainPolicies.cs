// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mesh.Xds.Hosting.Tls;

/// <summary>To what a certificate must lead to be good for one side of a connection (RFC 5280, 4.2.1.12).</summary>
internal static class ChainPolicies
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public static X509ChainPolicy ForServers(X509Certificate2Collection roots) => For(roots, ServerAuthentication);

    public static X509ChainPolicy ForClients(X509Certificate2Collection roots) => For(roots, ClientAuthentication);

    private static X509ChainPolicy For(X509Certificate2Collection roots, string purpose)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,

            // A stranger's certificate must not make us fetch what it names.
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(new Oid(purpose));
        policy.CustomTrustStore.AddRange(roots);
        policy.ExtraStore.AddRange(roots);
        return policy;
    }
}
