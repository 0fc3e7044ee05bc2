// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.Access;
using Mesh.EndToEnd.Tests.Kubernetes.Access;
using Mesh.EndToEnd.Tests.Kubernetes.Admission;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>
/// The program as it runs in a cluster: a process with the token of the generated account, RBAC in force, the webhook of the generated configuration
/// in front of all writes, and the API server's audit log of what it asked.
/// </summary>
internal sealed class ClusterOperator : IAsyncDisposable
{
    public const string Node = "node-1";

    private const string AuditPolicy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - level: Metadata
          users: ["system:serviceaccount:mesh-system:mesh-operator"]
        - level: None
        """;

    private readonly DirectoryInfo folder;
    private readonly ReservedPort admission = new();
    private ProgramProcess? process;

    private ClusterOperator(DirectoryInfo folder, TestApiServer server)
    {
        this.folder = folder;
        Server = server;
        DryRuns = new DryRuns(server);
    }

    public TestApiServer Server { get; }

    public DryRuns DryRuns { get; }

    /// <summary>What it printed.</summary>
    public string Log => File.ReadAllText(LogFile);

    public int AdmissionPort => admission.EndPoint.Port;

    /// <summary>Its requests that were not allowed.</summary>
    public IEnumerable<AuditedRequest> Forbidden => Requests.Where(request => request.IsForbidden);

    /// <summary>All that it has asked the API server.</summary>
    public IReadOnlyList<AuditedRequest> Requests
    {
        get
        {
            var text = File.Exists(AuditFile) ? ReadShared(AuditFile) : "";

            // The last line may be under way.
            return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => AuditedRequest.Of(JsonNode.Parse(line)))];
        }
    }

    private string AuditFile => Path.Combine(folder.FullName, "audit.log");

    private string LogFile => Path.Combine(folder.FullName, "operator.log");

    /// <param name="before">What is in the cluster before the operator starts; its own and Gateway API's kinds are there.</param>
    /// <param name="flags">More flags for the API server.</param>
    public static async Task<ClusterOperator> StartAsync(Func<TestApiServer, Task>? before = null, params string[] flags)
    {
        string[] routes = [Definitions.GatewayApi("httproutes"), Definitions.GatewayApi("grpcroutes")];
        var home = Directory.CreateTempSubdirectory("mesh-cluster-");
        var policy = Path.Combine(home.FullName, "audit.yaml");
        await File.WriteAllTextAsync(policy, AuditPolicy);

        // Services that a proxy can listen for.
        var server = await TestApiServer.StartAsync(
            ["--service-cluster-ip-range=127.105.0.0/24", $"--audit-policy-file={policy}", $"--audit-log-path={Path.Combine(home.FullName, "audit.log")}", .. flags]);
        var started = new ClusterOperator(home, server);
        try
        {
            foreach (var definition in (string[])[Definitions.Ours, .. routes])
            {
                await server.DefineAsync(definition);
            }

            await ClusterSetup.ApplyRolesAsync(server);
            await OperatorAccess.UntilInForceAsync(server);
            await (before?.Invoke(server) ?? Task.CompletedTask);
            await server.ApplyAsync(ClusterSetup.Webhook(started.AdmissionPort));
            await started.RunAsync();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>It is alive.</summary>
    public Task HealthyAsync() => process!.AnswerAsync("/healthz", static text => text.StartsWith("ok", StringComparison.Ordinal)); // Started, as nobody gets another one.

    /// <summary>Waits until what it has asked is as wanted; the audit log tells nobody that it grew.</summary>
    /// <returns>What is still missing; empty when all was asked.</returns>
    public async Task<IReadOnlyList<string>> UntilAskedAsync(Func<IReadOnlyList<AuditedRequest>, IReadOnlyList<string>> missing)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);
        var left = missing(Requests);
        while (left.Count > 0 && !limit.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            left = missing(Requests);
        }

        return left;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.StopAsync();
        }

        DryRuns.Dispose();
        await Server.DisposeAsync();
        admission.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task RunAsync()
    {
        var kubeconfig = await Server.WriteAccountKubeconfigAsync(OperatorNames.Operator, OperatorNames.Namespace);
        process = ProgramProcess.Start(
            LogFile,
            "run", "--kubernetes", "--kubeconfig", kubeconfig, "--namespace", OperatorNames.Namespace, "--admission", admission.EndPoint.ToString(),
            "--state", Path.Combine(folder.FullName, "state"), "--node", Node, "--proxy", "simulated", "--plain");
        await process.ReadyAsync();
        await Server.KubectlAsync("wait", "--for=create", "--timeout=150s", $"meshnode/{Node}");
        await DryRuns.UntilAskedAsync("default");
    }

    private static string ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
