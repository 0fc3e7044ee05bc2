// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text.Json;
using Mesh.NodeAgent.Processes;

namespace Mesh.Testing;

/// <summary><c>mesh-operator run</c> with a real Envoy, as a process of its own that can be killed and started again.</summary>
public sealed class OperatorProcess
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    // A process that starts compiles all that it runs: seconds of a processor, of which a busy machine gives it little.
    private static readonly TimeSpan Limit = Timeouts.Default * 3;

    private readonly OperatorFolder folder;
    private readonly RunningProcess process;
    private readonly IPEndPoint http;

    private OperatorProcess(OperatorFolder folder, RunningProcess process, IPEndPoint http)
    {
        this.folder = folder;
        this.process = process;
        this.http = http;
    }

    /// <summary>Starts one and waits until its proxy is connected and has answered all it was sent.</summary>
    public static Task<OperatorProcess> StartAsync(OperatorFolder folder, string envoy) => StartAsync(folder, envoy, ["--dir", folder.Mesh]);

    /// <summary>The same for a cluster, as the pod of a Deployment whose container starts again: under the same name.</summary>
    public static Task<OperatorProcess> StartInClusterAsync(OperatorFolder folder, string envoy, string kubeconfig, params string[] more) =>
        StartAsync(folder, envoy, ["--kubernetes", "--kubeconfig", kubeconfig, .. more]);

    private static async Task<OperatorProcess> StartAsync(OperatorFolder folder, string envoy, string[] source)
    {
        var address = folder.Http;
        var pid = DetachedProcess.Start(
            "/usr/bin/env",
            [
                "POD_NAME=operator", ProgramProcess.Dotnet, ProgramProcess.File, "run", .. source,
                "--state", folder.State, "--envoy", envoy, "--http", address.ToString(), "--plain",
            ],
            folder.Log);
        var started = new OperatorProcess(folder, RunningProcess.Child(pid), address);
        await started.MetricsAsync(metrics => metrics["mesh_connected_proxies"] > 0 && metrics["mesh_pending_resources"] == 0);
        return started;
    }

    /// <summary>The Envoy that runs for it, as the operator wrote it down.</summary>
    public int EnvoyPid()
    {
        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.State, "envoy", "envoy.json")));
        return record.RootElement.GetProperty("pid").GetInt32();
    }

    /// <summary>Without a chance to say goodbye, as the kernel does when memory is short.</summary>
    public async Task KillAsync()
    {
        process.Signal(Posix.SIGKILL);
        await process.Exited.WithTimeout();
    }

    /// <summary>Ends it in order; it stops its Envoy.</summary>
    public async Task StopAsync()
    {
        process.Signal(Posix.SIGTERM);
        await process.Exited.WithTimeout();
    }

    /// <summary>Its metrics by name, as soon as they are as wanted.</summary>
    public async Task<IReadOnlyDictionary<string, double>> MetricsAsync(Func<IReadOnlyDictionary<string, double>, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var client = new HttpClient();
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        IReadOnlyDictionary<string, double>? metrics = null;
        while (!process.Exited.IsCompleted && !limit.IsCancellationRequested)
        {
            metrics = await ReadAsync(client) ?? metrics;
            if (metrics is not null && wanted(metrics))
            {
                return metrics;
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        throw new TimeoutException(
            $"The operator's metrics did not become as wanted: {string.Join(", ", metrics?.Select(pair => $"{pair.Key}={pair.Value}") ?? [])}\n{await File.ReadAllTextAsync(folder.Log)}");
    }

    private async Task<IReadOnlyDictionary<string, double>?> ReadAsync(HttpClient client)
    {
        try
        {
            var text = await client.GetStringAsync(new Uri($"http://{http}/metrics"));
            return text.Split('\n')
                .Where(line => line.StartsWith("mesh_", StringComparison.Ordinal))
                .Select(line => line.Split(' '))
                .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return null;
        }
    }
}

/// <summary>A temporary folder for an operator: its YAML and its state, which outlive one process; and its address.</summary>
public sealed class OperatorFolder : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("mesh-operator-");
    private readonly ReservedPort http = new();

    public string Mesh => Path.Combine(root.FullName, "mesh");

    public string State => Path.Combine(root.FullName, "state");

    /// <summary>Where its metrics are.</summary>
    public IPEndPoint Http => http.EndPoint;

    public string Log => Path.Combine(root.FullName, "operator.log");

    public static OperatorFolder Create(IReadOnlyDictionary<string, string> files)
    {
        var folder = new OperatorFolder();
        Directory.CreateDirectory(folder.Mesh);
        foreach (var (path, content) in files)
        {
            File.WriteAllText(Path.Combine(folder.Mesh, path), content);
        }

        return folder;
    }

    public void Dispose()
    {
        http.Dispose();
        root.Delete(recursive: true);
    }
}
