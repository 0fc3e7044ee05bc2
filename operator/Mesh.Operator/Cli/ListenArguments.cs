// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Xds.Hosting.Tls;

namespace Mesh.Operator.Cli;

/// <summary>Where <c>mesh-operator run</c> is told to serve, by what certificates, and how clients prove who they are.</summary>
internal sealed record ListenArguments
{
    public required string? Listen { get; init; }

    public required string? Http { get; init; }

    public required string? TlsCertificate { get; init; }

    public required string? TlsKey { get; init; }

    public required string? TlsClientCa { get; init; }

    public XdsAuth Auth { get; init; } = XdsAuth.Certificate;

    /// <summary>There is an API server that judges tokens.</summary>
    public bool IsKubernetes { get; init; }

    /// <summary>The certificate files; null without them.</summary>
    public TlsFiles? Tls => TlsCertificate is not null && TlsKey is not null && (TlsClientCa is not null || !NeedsClientCa)
        ? new TlsFiles { Certificate = TlsCertificate, Key = TlsKey, ClientCa = TlsClientCa, IsCertificateOptional = Auth == XdsAuth.Either }
        : null;

    private bool NeedsClientCa => Auth != XdsAuth.Token;

    private string Needed => NeedsClientCa ? "--tls-cert, --tls-key and --tls-client-ca" : "--tls-cert and --tls-key";

    /// <summary>What is wrong with them, or null.</summary>
    public string? Problem() => AddressProblem("--listen", Listen) ?? AddressProblem("--http", Http) ?? AuthProblem() ?? TlsProblem() ?? PlainTextProblem();

    private static string? AddressProblem(string name, string? value) => value is null || IPEndPoint.TryParse(value, out _)
        ? null
        : $"{name} {value}: not an address with a port; 127.0.0.1:18000 would be one";

    private string? AuthProblem() => Auth switch
    {
        XdsAuth.Certificate => null,
        XdsAuth.Token when TlsClientCa is not null => "--xds-auth Token: --tls-client-ca has no use there, for no client is asked for a certificate; leave it out, or give Either",
        XdsAuth.Token or XdsAuth.Either =>
            !IsKubernetes ? $"--xds-auth {Auth}: tokens are judged by an API server; give --kubernetes, or --xds-auth Certificate"
            : TlsCertificate is null ? $"--xds-auth {Auth}: a token is shown to nobody who has no certificate; give {Needed}"
            : null,
    };

    private string? TlsProblem()
    {
        (string Name, string? Value)[] files = [("--tls-cert", TlsCertificate), ("--tls-key", TlsKey), ("--tls-client-ca", NeedsClientCa ? TlsClientCa : "")];
        if (TlsCertificate is null && TlsKey is null && TlsClientCa is null)
        {
            return null;
        }

        var missing = files.Where(static file => file.Value is null).Select(static file => file.Name).ToList();
        return missing.Count > 0
            ? $"{Needed} belong together; without {string.Join(" and ", missing)} there is nobody to serve"
            : Listen is null ? "--tls-cert: there is no address to serve by it; give one with --listen, 0.0.0.0:15010 say" : null;
    }

    private string? PlainTextProblem() => Listen is null || Tls is not null || IPAddress.IsLoopback(IPEndPoint.Parse(Listen).Address)
        ? null
        : $"--listen {Listen}: in plain text, where nobody proves who they are, xDS is served at loopback addresses only (127.0.0.1:18000 would be one); "
            + "give --tls-cert, --tls-key and --tls-client-ca to serve others";
}
