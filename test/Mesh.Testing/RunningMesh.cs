// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Mesh.Operator;
using Mesh.Operator.Cli;
using Mesh.NodeAgent.Supervision;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Proxies;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Operator.Telemetry;
using Mesh.Xds.Acks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Testing;

/// <summary>
/// The operator as a user runs it, in this process: a temporary folder of YAML or a cluster, the whole pipeline, and a real Envoy (or another
/// proxy).
/// </summary>
public sealed class RunningMesh : IAsyncDisposable
{
    private readonly DirectoryInfo root;
    private readonly WebApplication app;

    private RunningMesh(DirectoryInfo root, WebApplication app)
    {
        this.root = root;
        this.app = app;
    }

    /// <summary>The watched folder.</summary>
    public string Folder => Path.Combine(root.FullName, "mesh");

    public string StateFolder => Path.Combine(root.FullName, "state");

    /// <summary>Where xDS is served.</summary>
    public string SocketPath => app.Services.GetRequiredService<RunOptions>().SocketPath;

    public StatusBoard Board => app.Services.GetRequiredService<StatusBoard>();

    public AckLedger Ledger => app.Services.GetRequiredService<AckLedger>();

    public ResourceStore Store => app.Services.GetRequiredService<ResourceStore>();

    /// <summary>The source of Kubernetes mode.</summary>
    internal KubernetesSource Cluster => app.Services.GetRequiredService<KubernetesSource>();

    internal ReconcileLoop Loop => app.Services.GetRequiredService<ReconcileLoop>();

    /// <summary>What <c>/metrics</c> would say now.</summary>
    public async Task<string> MetricsAsync()
    {
        using var text = new MemoryStream();
        await app.Services.GetRequiredService<MeshMetrics>().Registry.CollectAndExportAsTextAsync(text, CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    /// <param name="envoy">Path of Envoy; null for a simulated node.</param>
    /// <param name="files">Content of the folder at start, by relative path.</param>
    /// <param name="customise">Replaces registrations.</param>
    public static async Task<RunningMesh> StartAsync(
        string? envoy, IReadOnlyDictionary<string, string> files, Action<IServiceCollection>? customise = null)
    {
        var temporary = Directory.CreateTempSubdirectory("mesh-test-");
        var folder = Directory.CreateDirectory(Path.Combine(temporary.FullName, "mesh")).FullName;
        foreach (var (path, content) in files)
        {
            await WriteAsync(folder, path, content);
        }

        return await StartAsync(temporary, envoy, options => options with { Directory = folder }, customise);
    }

    /// <summary>Kubernetes mode, of what an API server has.</summary>
    /// <param name="kubeconfig">Of the API server.</param>
    /// <param name="envoy">Path of Envoy; null for a simulated node.</param>
    /// <param name="customise">Replaces registrations.</param>
    /// <param name="identity">The replica's name.</param>
    public static Task<RunningMesh> StartInClusterAsync(
        string kubeconfig, string? envoy, Action<IServiceCollection>? customise = null, string identity = "test") => StartAsync(
        Directory.CreateTempSubdirectory("mesh-test-"),
        envoy,
        options => options with { Kubernetes = new KubernetesOptions { Kubeconfig = kubeconfig, Identity = identity } },
        customise);

    private static async Task<RunningMesh> StartAsync(
        DirectoryInfo temporary, string? envoy, Func<RunOptions, RunOptions> withSource, Action<IServiceCollection>? customise)
    {
        var options = withSource(new RunOptions
        {
            StateDirectory = Path.Combine(temporary.FullName, "state"),
            Node = "test",
            Proxy = envoy is null ? ProxyKind.Simulated : ProxyKind.Envoy,
            EnvoyPath = envoy,
            Listen = null,
            HttpListen = null,
        });
        var mesh = new RunningMesh(temporary, MeshHost.Build(options, isLive: false, customise));
        try
        {
            await mesh.app.StartAsync();
            await mesh.ProxyConnectedAsync();
            return mesh;
        }
        catch
        {
            // Else its Envoy would stay.
            await mesh.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a file of the folder, as an editor does.</summary>
    public Task WriteAsync(string path, string content) => WriteAsync(Folder, path, content);

    public void Delete(string path) => File.Delete(Path.Combine(Folder, path));

    /// <summary>Waits until an object's status is as wanted.</summary>
    public async Task<StatusDocument> StatusAsync(ObjectKey key, Func<StatusDocument, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);
        try
        {
            var documents = await Board.Documents.WaitForAsync(all => all.TryGetValue(key, out var document) && wanted(document), limit.Token);
            return documents[key];
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{key} did not get the wanted status; it is {Describe(key)}", e);
        }
    }

    /// <summary>Waits until this generation (or a later one) is in force on every proxy.</summary>
    public Task<StatusDocument> ProgrammedAsync(ObjectKey key, long generation = 1) => StatusAsync(key, document =>
        document.Status.Generation >= generation
        && document.AllConditions.All(condition => condition.Status == Crds.V1Alpha1.ConditionStatus.True));

    /// <summary>
    /// Waits until every proxy has answered all that was made of the folder so far as the statuses tell of it: what is gone from them may
    /// still be at a proxy.
    /// </summary>
    public async Task SettledAsync([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var newest = Loop.State.Value.Snapshot?.Revision ?? default;
        await Ledger.WaitForAsync(
            proxies => !proxies.IsEmpty && proxies.All(proxy => proxy.SentRevision >= newest && proxy.Pending.IsEmpty), file: file, line: line);
    }

    /// <summary>Waits until the model is as wanted, and every proxy has answered what was made of it.</summary>
    public async Task ModelAsync(Func<Model.MeshModel, bool> wanted)
    {
        await Loop.State.WaitForAsync(state => wanted(state.Built.Model), CancellationToken.None).WithTimeout();
        await SettledAsync();
    }

    public Task GoneAsync(ObjectKey key) => Board.Documents.WaitForAsync(all => !all.ContainsKey(key), CancellationToken.None).WithTimeout();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        root.Delete(recursive: true);
    }

    private async Task ProxyConnectedAsync()
    {
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);
        while (true)
        {
            var changed = Ledger.WaitForChangeAsync(limit.Token);
            if (Ledger.Proxies.Any(proxy => proxy.Accepted.Keys.Any(key => key.Type == Xds.ResourceType.Listener)))
            {
                break;
            }

            await changed;
        }

        if (app.Services.GetService<EnvoyLoop>() is { } envoy)
        {
            await ReadyAsync(envoy, limit.Token);
        }
    }

    /// <summary>A cold Envoy acknowledges its listeners a moment before it opens them; only its admin interface tells when.</summary>
    private static async Task ReadyAsync(EnvoyLoop envoy, CancellationToken cancellationToken)
    {
        var running = (EnvoyState.Running)await envoy.State.WaitForAsync(state => state is EnvoyState.Running, cancellationToken);
        using var http = new HttpClient();
        using var tries = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (true)
        {
            using var answer = await http.GetAsync(new Uri($"http://{running.Admin}/ready"), cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await tries.WaitForNextTickAsync(cancellationToken);
        }
    }

    private string Describe(ObjectKey key) => Board.Documents.Value.TryGetValue(key, out var document)
        ? string.Join("; ", document.AllConditions.Select(condition => $"{condition.Type}={condition.Status} {condition.Reason}: {condition.Message}"))
        : "absent";

    private static async Task WriteAsync(string folder, string path, string content)
    {
        var target = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.draft");
        await File.WriteAllTextAsync(draft, content);
        File.Move(draft, target, overwrite: true);
    }
}
