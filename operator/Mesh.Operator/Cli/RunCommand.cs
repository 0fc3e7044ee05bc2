// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Net.Sockets;
using Mesh.Model;
using Mesh.NodeAgent.Binaries;
using Mesh.NodeAgent.Supervision;

namespace Mesh.Operator.Cli;

/// <summary><c>mesh-operator run</c>: serves the mesh of a folder of YAML, or of a cluster, until it is stopped.</summary>
internal static class RunCommand
{
    private const int Failure = 1;
    private const int WrongUse = 2;

    private static readonly Option<DirectoryInfo?> Directory = new("--dir", "-d")
    {
        Description = "Folder of Kubernetes-shaped YAML or JSON to serve, read again whenever a file changes",
    };

    private static readonly Option<bool> Kubernetes = new("--kubernetes") { Description = "Serve what a cluster's API server has, in place of a folder" };

    private static readonly Option<FileInfo?> Kubeconfig = new("--kubeconfig")
    {
        Description = "How to reach the API server (else the pod's own service account, KUBECONFIG, ~/.kube/config)",
    };

    private static readonly Option<string?> Namespace = new("--namespace")
    {
        Description = "The operator's own namespace, for its lease and secrets (else POD_NAMESPACE, mesh-system)",
    };

    private static readonly Option<string?> Admission = new("--admission")
    {
        Description = "Serve the validating webhook at this address (0.0.0.0:9443), see config/admission",
    };

    private static readonly Option<DirectoryInfo> State = new("--state")
    {
        Description = "Folder for status files, logs, sockets and pid files",
        DefaultValueFactory = _ => new DirectoryInfo(".mesh"),
    };

    private static readonly Option<string> Node = new("--node") { Description = "Name of this node", DefaultValueFactory = _ => "local" };

    private static readonly Option<ProxyKind> Proxy = new("--proxy")
    {
        Description = "Envoy: find or install one and run it. Simulated: check and acknowledge without traffic. External: connect your own",
        DefaultValueFactory = _ => ProxyKind.Envoy,
    };

    private static readonly Option<CaptureMode> Capture = new("--capture")
    {
        Description = "Loopback: the proxy listens on each service's own 127.x address. "
            + "Redirect: connections are brought to the proxy's port 15001 by the kernel, see config/samples/README.md",
        DefaultValueFactory = _ => CaptureMode.Loopback,
    };

    private static readonly Option<string?> Envoy = new("--envoy") { Description = "Path of an Envoy binary (else ENVOY_BIN, PATH, .tools)" };

    private static readonly Option<string?> Listen = new("--listen") { Description = "Serve xDS at this address too: a loopback address (127.0.0.1:18000), or any with --tls-cert, --tls-key and what --xds-auth asks for" };

    private static readonly Option<string?> TlsCertificate = new("--tls-cert")
    {
        Description = "PEM file of the certificate for --listen, with those between it and its root; read again when it changes",
    };

    private static readonly Option<string?> TlsKey = new("--tls-key") { Description = "PEM file of that certificate's private key" };

    private static readonly Option<string?> TlsClientCa = new("--tls-client-ca")
    {
        Description = "PEM file of the roots that the certificates of xDS clients must lead to; a client without one is refused, unless --xds-auth lets it in",
    };

    private static readonly Option<XdsAuth> Auth = new("--xds-auth")
    {
        Description = "How clients of --listen prove who they are. Certificate: one of --tls-client-ca. Token: of their pod's service account, for the audience "
            + "mesh-operator, judged by the cluster (no --tls-client-ca). Either: whichever they have",
        DefaultValueFactory = _ => XdsAuth.Certificate,
    };

    private static readonly Option<string?> Http = new("--http") { Description = "Serve /metrics, /healthz and /readyz at this address" };

    private static readonly Option<bool> Plain = new("--plain") { Description = "Print lines instead of a live table" };

    public static Command Create()
    {
        var command = new Command("run", "Serve a mesh from a folder of YAML or from a cluster")
        {
            Directory, Kubernetes, Kubeconfig, Namespace, Admission, State, Node, Proxy, Capture, Envoy, Listen, TlsCertificate, TlsKey, TlsClientCa, Auth, Http, Plain,
        };
        command.SetAction(async (result, cancellationToken) => await RunAsync(result, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var source = new SourceArguments
        {
            Directory = result.GetValue(Directory),
            IsKubernetes = result.GetValue(Kubernetes),
            Kubeconfig = result.GetValue(Kubeconfig),
            Namespace = result.GetValue(Namespace),
            Admission = result.GetValue(Admission),
        };
        var listening = new ListenArguments
        {
            Listen = result.GetValue(Listen),
            Http = result.GetValue(Http),
            TlsCertificate = result.GetValue(TlsCertificate),
            TlsKey = result.GetValue(TlsKey),
            TlsClientCa = result.GetValue(TlsClientCa),
            Auth = result.GetValue(Auth),
            IsKubernetes = source.IsKubernetes,
        };
        if ((source.Problem() ?? listening.Problem()) is { } problem)
        {
            return Fail(problem);
        }

        var cluster = source.Kubernetes(Environment.GetEnvironmentVariable, listening.Listen);
        var options = new RunOptions
        {
            Directory = source.Directory?.FullName,
            Kubernetes = cluster,
            Admission = source.AdmissionIn(cluster),
            StateDirectory = result.GetRequiredValue(State).FullName,
            Node = result.GetRequiredValue(Node),
            Proxy = result.GetValue(Proxy),
            Capture = result.GetValue(Capture),
            EnvoyPath = null,
            Listen = listening.Listen,
            ListenTls = listening.Tls,
            Auth = listening.Auth,
            HttpListen = listening.Http,
        };
        return await StartAsync(options, result, cancellationToken);
    }

    private static async Task<int> StartAsync(RunOptions options, ParseResult result, CancellationToken cancellationToken)
    {
        try
        {
            System.IO.Directory.CreateDirectory(options.StateDirectory);
            if (SocketFile.IsServed(options.SocketPath))
            {
                return Fail($"--state {options.StateDirectory}: another mesh-operator serves {options.SocketPath}; stop it, or give this one a folder of its own");
            }

            StartCheck.Run(options);
            return options.Proxy == ProxyKind.Envoy
                ? await RunWithEnvoyAsync(options, result, cancellationToken)
                : await ServeAsync(options, result, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or EnvoySupervisorException)
        {
            Console.Error.WriteLine($"mesh-operator: {e.Message}");
            return Failure;
        }
    }

    private static async Task<int> RunWithEnvoyAsync(RunOptions options, ParseResult result, CancellationToken cancellationToken)
    {
        var lookup = await new EnvoyLocator(EnvoySearch.FromEnvironment(result.GetValue(Envoy))).FindAsync(cancellationToken);
        return await lookup.Match(
            found =>
            {
                Banner.Found(found);
                return ServeAsync(options with { EnvoyPath = found.Path }, result, cancellationToken);
            },
            async lookedAt =>
            {
                var installed = await InstallAsync(lookedAt, cancellationToken);
                return await ServeAsync(
                    installed is null ? options with { Proxy = ProxyKind.Simulated } : options with { EnvoyPath = installed }, result, cancellationToken);
            },
            message => Task.FromResult(Fail(message)));
    }

    /// <returns>The path of the installed binary, or null when none could be had: then nothing pretends that traffic flows.</returns>
    private static async Task<string?> InstallAsync(IReadOnlyList<string> lookedAt, CancellationToken cancellationToken)
    {
        Console.WriteLine("No Envoy found:");
        foreach (var line in lookedAt)
        {
            Console.WriteLine($"  {line}");
        }

        var root = EnvoySearch.FromEnvironment(envoyOption: null).CheckoutRoot ?? Environment.CurrentDirectory;
        var installation = await new EnvoyInstaller(Checkout.ToolsFolder(root), Console.WriteLine).InstallAsync(cancellationToken);
        if (installation.Path is null)
        {
            Banner.NoTraffic(installation);
        }

        return installation.Path;
    }

    private static async Task<int> ServeAsync(RunOptions options, ParseResult result, CancellationToken cancellationToken)
    {
        var screen = Console.Error;
        try
        {
            var isLive = !result.GetValue(Plain) && !Console.IsOutputRedirected;
            await using var log = isLive ? new StreamWriter(Path.Combine(options.StateDirectory, "operator.log"), append: true) { AutoFlush = true } : null;
            if (log is not null)
            {
                // The table owns the screen.
                Console.SetError(log);
            }

            await MeshRun.RunAsync(MeshHost.Build(options, isLive, MeshRun.TellOnce), cancellationToken);
            return 0;
        }
        finally
        {
            Console.SetError(screen);
        }
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"mesh-operator: {message}");
        return WrongUse;
    }
}
