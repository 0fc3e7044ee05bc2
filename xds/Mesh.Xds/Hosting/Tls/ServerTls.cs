// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Mesh.Xds.Hosting.Tls;

/// <summary>What endpoints with TLS present and trust now. It is replaced as a whole when the files change and are good; connections go on.</summary>
internal sealed class ServerTls
{
    private readonly TlsFiles paths;
    private readonly TimeProvider time;
    private readonly RefusedClients refused;
    private readonly ILogger log;
    private TlsMaterial material;
    private string lastTried;

    private ServerTls(TlsFiles paths, TimeProvider time, ILogger log, (TlsMaterial Material, string Digest) first)
    {
        this.paths = paths;
        this.time = time;
        this.log = log;
        refused = new RefusedClients(time, log);
        (material, lastTried) = first;
    }

    public TlsFiles Paths => paths;

    /// <summary>What is presented and trusted now.</summary>
    public TlsMaterial Material => Volatile.Read(ref material);

    /// <summary>When the certificate that is presented now is in force.</summary>
    public (DateTimeOffset From, DateTimeOffset Until) InForce
    {
        get
        {
            var leaf = Volatile.Read(ref material).Leaf;
            return (new DateTimeOffset(leaf.NotBefore.ToUniversalTime()), new DateTimeOffset(leaf.NotAfter.ToUniversalTime()));
        }
    }

    /// <exception cref="TlsFileException">A file cannot be used.</exception>
    public static ServerTls Load(TlsFiles paths, TimeProvider time, ILogger<ServerTls> log)
    {
        var content = TlsContent.Read(paths);
        try
        {
            return new ServerTls(paths, time, log, (TlsMaterial.Parse(content, paths, time.GetUtcNow()), content.Digest));
        }
        finally
        {
            content.Forget();
        }
    }

    /// <summary>Takes over what the files hold now, if that is new and good; else the last good content stays. Called by one loop only.</summary>
    public void Refresh()
    {
        TlsContent? content = null;
        try
        {
            content = TlsContent.Read(paths);
            if (content.Digest == lastTried)
            {
                return;
            }

            lastTried = content.Digest;
            var newer = TlsMaterial.Parse(content, paths, time.GetUtcNow());
            Volatile.Write(ref material, newer);
            log.CertificatesTaken(newer.Leaf.Subject, newer.Leaf.NotAfter.ToUniversalTime(), newer.ClientCa.Count);
        }
        catch (TlsFileException e) when (content is not null || lastTried != e.Message)
        {
            // A file that cannot be read is told once, not at every look.
            lastTried = content is null ? e.Message : lastTried;
            log.CertificatesRefused(e.Message, Volatile.Read(ref material).Leaf.NotAfter.ToUniversalTime());
        }
        catch (TlsFileException)
        {
            // As told before.
        }
        finally
        {
            content?.Forget();
        }
    }

    /// <summary>For one handshake.</summary>
    public SslServerAuthenticationOptions Options(string client)
    {
        var now = Volatile.Read(ref material);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = now.Server,

            // Asked for always, for another server of the same certificate shows it; who need not have one shows none.
            ClientCertificateRequired = true,
            CertificateChainPolicy = ChainPolicies.ForClients(now.ClientCa),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsGood(client, certificate, chain, errors),

            // A resumed session would be one with roots of former days; streams are few and long, so that it would save nothing.
            AllowTlsResume = false,
            AllowRenegotiation = false,
        };
    }

    /// <summary>Whether it is the certificate that is presented here: who has its key is this server or one like it.</summary>
    public bool IsOwn(X509Certificate2 certificate) => certificate.RawDataMemory.Span.SequenceEqual(Material.Leaf.RawDataMemory.Span);

    private bool IsGood(string client, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is X509Certificate2 shown && IsOwn(shown))
        {
            return true;
        }

        if (errors == SslPolicyErrors.None || (certificate is null && (paths.ClientCa is null || paths.IsCertificateOptional)))
        {
            return true;
        }

        var reason = certificate is null
            ? "it presented none"
            : string.Join(", ", chain?.ChainStatus.Select(static status => status.Status.ToString()).Distinct(StringComparer.Ordinal) ?? [errors.ToString()]);
        refused.Tell(client, certificate?.Subject ?? "none", reason);
        return false;
    }
}
