// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Admission;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Pipeline;
using Mesh.Xds.Hosting.Tls;

namespace Mesh.Operator.Cli;

/// <summary>Which proxy serves the node that the operator runs on.</summary>
public enum ProxyKind
{
    /// <summary>A real Envoy, found or named, started and supervised.</summary>
    Envoy,

    /// <summary>An in-process node that speaks xDS, checks and acknowledges; no traffic flows.</summary>
    Simulated,

    /// <summary>None is started: the user connects their own.</summary>
    External,
}

/// <summary>How clients of <c>--listen</c> prove who they are.</summary>
public enum XdsAuth
{
    /// <summary>By a certificate of one of the given roots.</summary>
    Certificate,

    /// <summary>By a token of their pod's service account, which the API server judges.</summary>
    Token,

    /// <summary>By a certificate where they have one, else by a token.</summary>
    Either,
}

/// <summary>Options of <c>mesh-operator run</c>.</summary>
public sealed record RunOptions
{
    /// <summary>The folder of YAML to serve; null in Kubernetes mode.</summary>
    public string? Directory { get; init; }

    /// <summary>The cluster to serve; null in file mode.</summary>
    public KubernetesOptions? Kubernetes { get; init; }

    /// <summary>Where the cluster's admission asks; null: nothing is judged there.</summary>
    public AdmissionOptions? Admission { get; init; }

    /// <summary>Where sockets, logs, pid files and status files go.</summary>
    public required string StateDirectory { get; init; }

    public required string Node { get; init; }

    public required ProxyKind Proxy { get; init; }

    /// <summary>Path of the Envoy binary; null to look for one.</summary>
    public required string? EnvoyPath { get; init; }

    /// <summary>Address to serve xDS at beside the unix socket, <c>127.0.0.1:18000</c>; null for none.</summary>
    public required string? Listen { get; init; }

    /// <summary>Certificates for that address; null to serve in plain text, at loopback only.</summary>
    public TlsFiles? ListenTls { get; init; }

    /// <summary>How clients prove at that address who they are; in plain text nobody does.</summary>
    public XdsAuth Auth { get; init; } = XdsAuth.Certificate;

    /// <summary>Address of the operator's own HTTP endpoint (<c>/metrics</c>, <c>/healthz</c>); null for none.</summary>
    public required string? HttpListen { get; init; }

    /// <summary>How connections come into the node's proxy.</summary>
    public CaptureMode Capture { get; init; } = CaptureMode.Loopback;

    public DebounceOptions Debounce { get; init; } = DebounceOptions.Default;

    public MeshNode MeshNode => new(new NodeName(Node), Capture);

    public string StatusDirectory => Path.Combine(StateDirectory, "status");

    /// <summary>
    /// The xDS socket. A socket's path may be 107 bytes long at most (unix(7)), so a long state folder gets a short one of its own.
    /// </summary>
    public string SocketPath => SocketPathIn(StateDirectory);

    private const int MaximumSocketPath = 107;

    internal static string SocketPathIn(string stateDirectory)
    {
        var path = Path.Combine(Path.GetFullPath(stateDirectory), "xds.sock");
        return System.Text.Encoding.UTF8.GetByteCount(path) <= MaximumSocketPath
            ? path
            : Path.Combine(Path.GetTempPath(), $"mesh-{Convert.ToHexStringLower(Hash(path))}.sock");
    }

    private static byte[] Hash(string text) => System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))[..8];
}
