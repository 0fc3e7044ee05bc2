// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Xds.Bootstrap;

namespace Mesh.Operator.Cli;

/// <summary>Whom <c>mesh-operator node</c> is told to ask, and by what certificates.</summary>
internal sealed record NodeArguments
{
    private const int LongestDrainSeconds = 20;

    public required string? Node { get; init; }

    public required string ControlPlane { get; init; }

    public required string Http { get; init; }

    public required string? TlsCertificate { get; init; }

    public required string? TlsKey { get; init; }

    public required string? TlsCa { get; init; }

    /// <summary>File of the pod's token.</summary>
    public string? Token { get; init; }

    /// <summary>Null: the host of <see cref="ControlPlane"/>.</summary>
    public required string? TlsServerName { get; init; }

    public required int DrainSeconds { get; init; }

    /// <summary>Where the control plane is; only without a <see cref="Problem"/>.</summary>
    /// <param name="stateDirectory">The node's folder, where Envoy is told of certificates.</param>
    public ControlPlaneAddress Address(string stateDirectory) => Endpoint is { } endpoint
        ? ControlPlaneAddress.Tcp(endpoint.Host, endpoint.Port, TlsOf(endpoint.Host, stateDirectory))
        : throw new InvalidOperationException("There is a problem with --control-plane.");

    private (string Host, int Port)? Endpoint =>
        Uri.TryCreate($"tcp://{ControlPlane}", UriKind.Absolute, out var uri) && uri is { Port: > 0, UserInfo: "", PathAndQuery: "/" or "", Fragment: "" }
            ? (uri.DnsSafeHost, uri.Port)
            : null;

    /// <summary>What is wrong with them, or null.</summary>
    public string? Problem() => NodeProblem() ?? EndpointProblem() ?? TlsProblem() ?? PlainTextProblem() ?? OtherProblem();

    private ControlPlaneTls? TlsOf(string host, string stateDirectory) => TlsCa is not null
        ? new ControlPlaneTls
        {
            Certificate = TlsCertificate is null ? null : Path.GetFullPath(TlsCertificate),
            Key = TlsKey is null ? null : Path.GetFullPath(TlsKey),
            Token = Token is null ? null : Path.GetFullPath(Token),
            Ca = Path.GetFullPath(TlsCa),
            ServerName = TlsServerName ?? host,
            SecretsFolder = Path.Combine(stateDirectory, "secrets"),
        }
        : null;

    private string? NodeProblem() => string.IsNullOrWhiteSpace(Node)
        ? "--node: this node has no name; give it, or set NODE_NAME (in a pod: fieldRef spec.nodeName)"
        : null;

    private string? EndpointProblem() => Endpoint is null
        ? $"--control-plane {ControlPlane}: not a host with a port; mesh-operator.mesh-system.svc:15010 or [fd00::1]:15010 would be one"
        : null;

    private string? TlsProblem()
    {
        (string Name, string? Value)[] files = Token is not null && TlsCertificate is null && TlsKey is null
            ? [("--token", Token), ("--tls-ca", TlsCa)]
            : [("--tls-cert", TlsCertificate), ("--tls-key", TlsKey), ("--tls-ca", TlsCa)];
        if (files.All(static file => file.Value is null))
        {
            return TlsServerName is null ? null : "--tls-server-name: without --tls-ca, and --token or --tls-cert and --tls-key, nobody is asked for a name";
        }

        var missing = files.Where(static file => file.Value is null).Select(static file => file.Name).ToList();
        return missing.Count > 0
            ? $"{string.Join(", ", files[..^1].Select(static file => file.Name))} and {files[^1].Name} belong together; give {string.Join(" and ", missing)}, too"
            : null;
    }

    private string? PlainTextProblem() => TlsCa is not null || IsLoopback(Endpoint!.Value.Host) // Its problem would have come first.
        ? null
        : $"--control-plane {ControlPlane}: in plain text, where nobody proves who they are, only a control plane at loopback is asked "
            + "(127.0.0.1:18000 would be one); give --tls-ca, and --token or --tls-cert and --tls-key, to ask another";

    private string? OtherProblem() =>
        !IPEndPoint.TryParse(Http, out _) ? $"--http {Http}: not an address with a port; 127.0.0.1:15021 would be one"
        : DrainSeconds is < 0 or > LongestDrainSeconds ? $"--drain {DrainSeconds}: must be from 0 to {LongestDrainSeconds} seconds"
        : null;

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
