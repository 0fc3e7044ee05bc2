// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using k8s;
using Mesh.NodeAgent.Processes;
using NUnit.Framework;

namespace Mesh.Testing.Kubernetes;

/// <summary>
/// A Kubernetes API server with its etcd, of the programs in KUBEBUILDER_ASSETS, on loopback and in a temporary folder. It can be stopped and
/// started again on the same data and port. Nothing runs in it: no controllers, no kubelet.
/// </summary>
public sealed class TestApiServer : IAsyncDisposable
{
    private const int Attempts = 3;

    private readonly DirectoryInfo folder;
    private readonly TestApiServerFiles files;
    private readonly int port;
    private readonly string[] flags;
    private readonly RunningProcess etcd;
    private readonly int etcdPort;
    private readonly bool isPeer;
    private RunningProcess server;

    private TestApiServer(TestApiServerFiles files, string[] flags, (RunningProcess Process, int Port) etcd, (RunningProcess Process, int Port) server)
    {
        folder = files.Folder;
        this.files = files;
        this.flags = flags;
        (this.etcd, etcdPort) = etcd;
        (this.server, port) = server;
    }

    private TestApiServer(TestApiServer first, TestApiServerFiles files, (RunningProcess Process, int Port) server)
        : this(files, first.flags, (first.etcd, first.etcdPort), server) => isPeer = true;

    /// <summary>For the user admin in the group system:masters.</summary>
    public string Kubeconfig => files.Kubeconfig;

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}"));

    /// <summary>Where etcd listens, for tests that compact it.</summary>
    public Uri Etcd => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{etcdPort}"));

    /// <summary>File of the RSA key that signs tokens of service accounts.</summary>
    public string SigningKey => files.SigningKey;

    /// <summary>What the server printed.</summary>
    public string Log => File.ReadAllText(files.ServerLog);

    /// <summary>A client of the library, for admin.</summary>
    public k8s.Kubernetes Client() => new(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));

    /// <summary>Starts both, or ignores the test with the reason why it cannot.</summary>
    /// <param name="flags">More flags for the API server, as <c>--min-request-timeout=5</c>.</param>
    public static async Task<TestApiServer> StartAsync(params string[] flags)
    {
        if (TestApiServerFiles.FindAssets(Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS")) is not { } assets)
        {
            Assert.Ignore("KUBEBUILDER_ASSETS names no folder with kube-apiserver, etcd and kubectl");
            throw new InvalidOperationException("Ignore does not return.");
        }

        return await StartFromAsync(assets, flags);
    }

    /// <summary>Starts both from the programs in a folder.</summary>
    public static async Task<TestApiServer> StartFromAsync(string assets, params string[] flags)
    {
        var own = TestApiServerFiles.Create(assets);
        var storage = await StartAsync(chosen => StartEtcd(own, chosen), EtcdIsHealthyAsync);
        var api = await StartAsync(chosen => StartServer(own, flags, storage.Port, chosen), chosen => ServerIsReadyAsync(own, chosen));
        own.WriteKubeconfig(api.Port);
        return new TestApiServer(own, flags, storage, api);
    }

    /// <summary>Ends the API server at once and leaves its data.</summary>
    public async Task StopServerAsync()
    {
        server.Signal(Posix.SIGKILL);
        await server.Exited.WithTimeout();
    }

    /// <summary>Starts the API server again, at the same address.</summary>
    public async Task StartServerAsync()
    {
        server = StartServer(files, flags, etcdPort, port);
        if (!await IsReadyAsync(server, () => ServerIsReadyAsync(files, port)))
        {
            throw new IOException($"The API server did not come back:\n{Log}");
        }
    }

    /// <summary>Starts another API server of the same cluster. It ends first: the storage is that of this one.</summary>
    public async Task<TestApiServer> StartPeerAsync()
    {
        var own = files.OfPeer();
        var api = await StartAsync(chosen => StartServer(own, flags, etcdPort, chosen), chosen => ServerIsReadyAsync(own, chosen));
        own.WriteKubeconfig(api.Port);
        return new TestApiServer(this, own, api);
    }

    /// <summary>Writes a kubeconfig of another way to this server, or of another user.</summary>
    /// <param name="port">Of this server, or of a relay to it.</param>
    /// <param name="credentials">The user's fields; null for admin.</param>
    public string WriteKubeconfig(int port, string? credentials = null)
    {
        var path = Path.Combine(folder.FullName, $"kubeconfig-{Guid.NewGuid():N}");
        files.WriteKubeconfig(path, port, credentials ?? $"token: {files.Token}");
        return path;
    }

    /// <summary>Writes a kubeconfig of a service account: who has it may do what the account's roles allow and no more.</summary>
    /// <param name="account">Its name.</param>
    /// <param name="space">Its namespace.</param>
    /// <param name="duration">How long its token is good, as <c>1h</c>.</param>
    public async Task<string> WriteAccountKubeconfigAsync(string account, string space, string duration = "1h")
    {
        var token = await KubectlAsync("create", "token", account, "--namespace", space, $"--duration={duration}");
        return WriteKubeconfig(port, $"token: {token}");
    }

    /// <summary>Runs kubectl as admin and gives what it prints without the last line's end; throws with its words when it fails.</summary>
    public async Task<string> KubectlAsync(params string[] arguments)
    {
        var outcome = await TryKubectlAsync(arguments);
        return outcome.ExitCode == 0
            ? outcome.StandardOutput.TrimEnd()
            : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {outcome.Problem}\n{outcome.Output}");
    }

    /// <summary>Applies YAML by server-side apply of the field manager "user".</summary>
    public async Task<string> ApplyAsync(string yaml)
    {
        var file = Path.Combine(folder.FullName, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, yaml);
        return await KubectlAsync("apply", "--server-side", "--field-manager=user", "-f", file);
    }

    /// <summary>Applies CRDs, of files or folders, and waits until they are served.</summary>
    public async Task DefineAsync(params string[] paths)
    {
        await KubectlAsync(["apply", "--server-side", "--field-manager=user", .. paths.SelectMany(static path => new[] { "-f", path })]);
        await DefinedAsync();
    }

    /// <summary>Waits until all kinds whose CRDs are in the cluster are served.</summary>
    public async Task DefinedAsync()
    {
        // When a CRD is served nobody tells: it is established a moment after it was made, and discovery, by which kubectl finds kinds, comes
        // later still. To kubectl a CRD without conditions, as it is at first, is nothing to wait for but an error.
        using var limit = new CancellationTokenSource(Timeouts.Default * 2, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        var names = (await KubectlAsync("get", "crd", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var kinds = string.Join(',', names.Select(static name => name.Split('/')[1]));
        while ((await TryKubectlAsync("get", kinds, "--all-namespaces")).ExitCode != 0)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Makes etcd forget all versions up to the newest of an object, so that the API server answers 410 to who names one of them.</summary>
    public async Task CompactAsync(string version)
    {
        using var client = new HttpClient();
        using var content = new StringContent($$"""{"revision":"{{version}}","physical":true}""");
        using var answer = await client.PostAsync(new Uri(Etcd, "v3/kv/compaction"), content);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Runs kubectl as admin until cancelled, and hands on each line that it prints.</summary>
    public async Task FollowAsync(Action<string> onLine, CancellationToken ct, params string[] arguments)
    {
        try
        {
            await Command.RunAsync(
                new CommandLine(files.Program("kubectl"), ["--kubeconfig", Kubeconfig, .. arguments]) { Limit = TimeSpan.FromDays(1), OnLine = onLine }, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Told to end.
        }
    }

    /// <summary>Exit code and output of kubectl, whatever they are.</summary>
    internal Task<CommandOutcome> TryKubectlAsync(params string[] arguments) => Command.RunAsync(
        new CommandLine(files.Program("kubectl"), ["--kubeconfig", Kubeconfig, .. arguments]) { Limit = Timeouts.Default * 3 }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await EndAsync(server);
        if (!isPeer)
        {
            await EndAsync(etcd);
            folder.Delete(recursive: true);
        }
    }

    private static async Task EndAsync(RunningProcess process)
    {
        process.Signal(Posix.SIGKILL);
        await process.Exited.WithTimeout();
    }

    /// <summary>Another process may take a free port before we do; then the program ends and the next port is tried.</summary>
    private static async Task<(RunningProcess Process, int Port)> StartAsync(Func<int, RunningProcess> start, Func<int, Task<bool>> isReady)
    {
        for (var attempt = 1; ; attempt++)
        {
            var chosen = FreePort();
            var process = start(chosen);
            if (await IsReadyAsync(process, () => isReady(chosen)))
            {
                return (process, chosen);
            }

            if (attempt == Attempts)
            {
                throw new IOException($"It did not come up in {Attempts} attempts: {await process.Exited.WithTimeout()}");
            }
        }
    }

    private static async Task<bool> IsReadyAsync(RunningProcess process, Func<Task<bool>> isReady)
    {
        using var limit = new CancellationTokenSource(Timeouts.Default * 3, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (!process.Exited.IsCompleted)
        {
            try
            {
                if (await isReady())
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }

        return false;
    }

    private static async Task<bool> EtcdIsHealthyAsync(int port)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/health")));
        return answer.IsSuccessStatusCode;
    }

    private static async Task<bool> ServerIsReadyAsync(TestApiServerFiles files, int port)
    {
        if (files.Authority() is not { } authority)
        {
            return false;
        }

        using var root = X509Certificate2.CreateFromPem(authority);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(root);
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", files.Token);
        using var answer = await client.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}/readyz")));
        return answer.IsSuccessStatusCode;
    }

    private static RunningProcess StartEtcd(TestApiServerFiles files, int port)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        return Start(files.Program("etcd"), files.EtcdLog,
        [
            "--name", "test", "--data-dir", files.EtcdData, "--unsafe-no-fsync", "--log-level", "warn",
            "--listen-client-urls", url, "--advertise-client-urls", url, "--listen-peer-urls", "http://127.0.0.1:0",
        ]);
    }

    private static RunningProcess StartServer(TestApiServerFiles files, string[] flags, int etcdPort, int port) =>
        Start(files.Program("kube-apiserver"), files.ServerLog,
        [
            "--bind-address=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"--secure-port={port}"),
            $"--cert-dir={files.Certificates}",
            string.Create(CultureInfo.InvariantCulture, $"--etcd-servers=http://127.0.0.1:{etcdPort}"),
            $"--token-auth-file={files.Tokens}",
            $"--service-account-signing-key-file={files.SigningKey}",
            $"--service-account-key-file={files.SigningKey}",
            "--authorization-mode=RBAC",
            .. flags,
        ]);

    private static RunningProcess Start(string program, string log, string[] arguments) =>
        RunningProcess.Child(DetachedProcess.Start(program, [.. arguments], log));

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port; // A bound socket has an end point.
    }
}
