// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Xds.Hosting.Tls;

namespace Mesh.Operator.Cli;

/// <summary>Where <c>mesh-operator run</c> is told to serve, and by what certificates.</summary>
internal sealed record ListenArguments
{
    public required string? Listen { get; init; }

    public required string? Http { get; init; }

    public required string? TlsCertificate { get; init; }

    public required string? TlsKey { get; init; }

    public required string? TlsClientCa { get; init; }

    /// <summary>The certificate files; null without them.</summary>
    public TlsFiles? Tls => TlsCertificate is not null && TlsKey is not null && TlsClientCa is not null
        ? new TlsFiles { Certificate = TlsCertificate, Key = TlsKey, ClientCa = TlsClientCa }
        : null;

    /// <summary>What is wrong with them, or null.</summary>
    public string? Problem() => AddressProblem("--listen", Listen) ?? AddressProblem("--http", Http) ?? TlsProblem() ?? PlainTextProblem();

    private static string? AddressProblem(string name, string? value) => value is null || IPEndPoint.TryParse(value, out _)
        ? null
        : $"{name} {value}: not an address with a port; 127.0.0.1:18000 would be one";

    private string? TlsProblem()
    {
        (string Name, string? Value)[] files = [("--tls-cert", TlsCertificate), ("--tls-key", TlsKey), ("--tls-client-ca", TlsClientCa)];
        if (files.All(static file => file.Value is null))
        {
            return null;
        }

        var missing = files.Where(static file => file.Value is null).Select(static file => file.Name).ToList();
        return missing.Count > 0
            ? $"--tls-cert, --tls-key and --tls-client-ca belong together; without {string.Join(" and ", missing)} there is nobody to serve"
            : Listen is null ? "--tls-cert: there is no address to serve by it; give one with --listen, 0.0.0.0:15010 say" : null;
    }

    private string? PlainTextProblem() => Listen is null || Tls is not null || IPAddress.IsLoopback(IPEndPoint.Parse(Listen).Address)
        ? null
        : $"--listen {Listen}: in plain text, where nobody proves who they are, xDS is served at loopback addresses only (127.0.0.1:18000 would be one); "
            + "give --tls-cert, --tls-key and --tls-client-ca to serve others";
}
