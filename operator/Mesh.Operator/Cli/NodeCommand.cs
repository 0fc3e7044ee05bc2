// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Mesh.Model;
using Mesh.NodeAgent.Binaries;
using Mesh.NodeAgent.Supervision;

namespace Mesh.Operator.Cli;

/// <summary><c>mesh-operator node</c>: runs a node's Envoy for a control plane elsewhere until it is stopped.</summary>
internal static class NodeCommand
{
    private const int Failure = 1;
    private const int WrongUse = 2;
    private const int DefaultDrainSeconds = 5;

    private static readonly Option<string> ControlPlane = new("--control-plane")
    {
        Description = "Where the control plane serves xDS, HOST:PORT; only at loopback without certificates",
        Required = true,
    };

    private static readonly Option<string?> Node = new("--node")
    {
        Description = "Name of this node (else the variable NODE_NAME)",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("NODE_NAME"),
    };

    private static readonly Option<DirectoryInfo> State = new("--state")
    {
        Description = "Folder for Envoy's bootstrap, log and pid file; a restarted node finds its running Envoy by it",
        DefaultValueFactory = _ => new DirectoryInfo(".mesh-node"),
    };

    private static readonly Option<CaptureMode> Capture = new("--capture")
    {
        Description = "Loopback: Envoy listens on each service's own 127.x address. "
            + "Redirect: connections are brought to Envoy's port 15001 by the kernel, see config/samples/README.md",
        DefaultValueFactory = _ => CaptureMode.Loopback,
    };

    private static readonly Option<string?> Envoy = new("--envoy") { Description = "Path of an Envoy binary (else ENVOY_BIN, PATH, .tools)" };

    private static readonly Option<string?> TlsCertificate = new("--tls-cert")
    {
        Description = "PEM file of the node's certificate, with those between it and its root; the TLS files are read again when they are replaced",
    };

    private static readonly Option<string?> TlsKey = new("--tls-key") { Description = "PEM file of that certificate's private key" };

    private static readonly Option<string?> TlsCa = new("--tls-ca") { Description = "PEM file of the roots that the control plane's certificate must lead to" };

    private static readonly Option<string?> Token = new("--token")
    {
        Description = "File of a token of this pod's service account for the audience mesh-operator, in place of a certificate or beside it; read again when it is replaced",
    };

    private static readonly Option<string?> TlsServerName = new("--tls-server-name")
    {
        Description = "Name that the control plane's certificate must have: DNS name, IP address or URI (else the host of --control-plane)",
    };

    private static readonly Option<string> Http = new("--http")
    {
        Description = "Serve /healthz, /readyz and /envoy at this address",
        DefaultValueFactory = _ => "127.0.0.1:15021",
    };

    private static readonly Option<int> Drain = new("--drain")
    {
        Description = "Seconds that requests may take to end by themselves at a stop",
        DefaultValueFactory = _ => DefaultDrainSeconds,
    };

    public static Command Create()
    {
        var command = new Command("node", "Run this node's Envoy for a control plane elsewhere")
        {
            ControlPlane, Node, State, Capture, Envoy, TlsCertificate, TlsKey, TlsCa, Token, TlsServerName, Http, Drain,
        };
        command.SetAction(async (result, cancellationToken) => await RunAsync(result, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var arguments = new NodeArguments
        {
            Node = result.GetValue(Node),
            ControlPlane = result.GetRequiredValue(ControlPlane),
            Http = result.GetRequiredValue(Http),
            TlsCertificate = result.GetValue(TlsCertificate),
            TlsKey = result.GetValue(TlsKey),
            TlsCa = result.GetValue(TlsCa),
            Token = result.GetValue(Token),
            TlsServerName = result.GetValue(TlsServerName),
            DrainSeconds = result.GetValue(Drain),
        };
        if (arguments.Problem() is { } problem)
        {
            return Fail(problem);
        }

        var lookup = await new EnvoyLocator(EnvoySearch.FromEnvironment(result.GetValue(Envoy))).FindAsync(cancellationToken);
        return await lookup.Match(
            found => ServeAsync(found, arguments, result, cancellationToken),
            lookedAt => Task.FromResult(Fail($"no Envoy found; give one with --envoy, or use an image that has one\n  {string.Join("\n  ", lookedAt)}")),
            message => Task.FromResult(Fail(message)));
    }

    private static async Task<int> ServeAsync(EnvoyBinary envoy, NodeArguments arguments, ParseResult result, CancellationToken cancellationToken)
    {
        Banner.Found(envoy);
        var state = result.GetRequiredValue(State).FullName;
        var options = new NodeOptions
        {
            Node = new MeshNode(new NodeName(arguments.Node!), result.GetValue(Capture)), // No name would have been a problem.
            ControlPlane = arguments.Address(state),
            EnvoyPath = envoy.Path,
            StateDirectory = state,
            HttpListen = IPEndPoint.Parse(arguments.Http),
            Drain = TimeSpan.FromSeconds(arguments.DrainSeconds),
        };
        try
        {
            await MeshRun.RunAsync(NodeHost.Build(options), cancellationToken);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or EnvoySupervisorException)
        {
            Console.Error.WriteLine($"mesh-operator: {e.Message}");
            return Failure;
        }
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"mesh-operator: {message}");
        return WrongUse;
    }
}
