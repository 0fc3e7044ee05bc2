// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using k8s;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.Benchmarks.Cluster;

/// <summary>A large cluster on a real API server: what it costs to read it, to follow it, and to tell users of changes.</summary>
internal static partial class ClusterScale
{
    private const int Changes = 100;
    private const int WarmUp = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task PrintAsync()
    {
        if (TestApiServerFiles.FindAssets(Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS")) is not { } assets)
        {
            Report.Say($"\ncluster: skipped, KUBEBUILDER_ASSETS names no folder with kube-apiserver, etcd and kubectl");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("mesh-cluster-");
        try
        {
            var audit = new AuditLog(folder, OperatorAccount.User);
            await using var server = await TestApiServer.StartFromAsync(assets, [.. audit.Flags(), "--service-cluster-ip-range=10.96.0.0/16"]);
            await server.DefineAsync(Repository.File("crds", "manifests"));
            using var client = server.Client();
            await ClusterContent.WriteAsync(client);
            await MeasureAsync(new Scene(server, client, audit, folder));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(Scene scene)
    {
        var kubeconfig = await OperatorAccount.CreateAsync(scene.Server);
        using var xds = new ReservedPort();
        var begin = TimeProvider.System.GetTimestamp();
        var program = ProgramProcess.Start(
            scene.Log, "run", "--kubernetes", "--kubeconfig", kubeconfig, "--state", Path.Combine(scene.Folder.FullName, "state"),
            "--proxy", "external", "--plain", "--listen", xds.EndPoint.ToString());
        try
        {
            await program.ReadyAsync();
            var ready = TimeProvider.System.GetElapsedTime(begin);
            var read = ReadTime().Match(await File.ReadAllTextAsync(scene.Log));
            await using var nodes = new ClusterNodes();
            var connected = await nodes.ConnectAsync(xds.EndPoint);
            await ProgrammedAsync(scene.Client);
            var statuses = TimeProvider.System.GetElapsedTime(begin);
            await UntilAsync(async () => await ClusterContent.ProgrammedNodesAsync(scene.Client) == ClusterNodes.Count);
            var all = TimeProvider.System.GetElapsedTime(begin);
            Report.Table(
                Report.Text($"cluster: {ClusterContent.Services} services × {ClusterContent.Endpoints} endpoints, {ClusterContent.Pods} pods, {ClusterContent.Services} policies, {ClusterNodes.Count} nodes"),
                ["what", "figure"],
                [
                    ["cluster read (Synced), from the start of the source", read.Success ? $"{read.Groups["ms"].Value} ms" : "not told"],
                    ["process start → ready (first snapshot published)", Report.Duration(ready)],
                    [Report.Text($"{ClusterNodes.Count} nodes connect → each has what it uses ({ClusterNodes.UsedServices} services)"), Report.Duration(connected)],
                    [Report.Text($"process start → all {ClusterContent.Services} statuses in the cluster"), Report.Duration(statuses)],
                    [Report.Text($"process start → those of {ClusterNodes.Count} MeshNodes, too"), Report.Duration(all)],
                    ["RSS", Report.Megabytes(program.Memory)],
                    .. await RestAsync(scene),
                    .. await ChangesAsync(scene, nodes, program),
                    ["RSS after the changes", Report.Megabytes(program.Memory)],
                ]);
        }
        finally
        {
            await program.KillAsync();
        }
    }

    private static async Task<IEnumerable<IReadOnlyList<string>>> RestAsync(Scene scene)
    {
        var since = TimeProvider.System.GetUtcNow();
        await Task.Delay(Rest, TimeProvider.System, CancellationToken.None);
        return [[Report.Text($"requests to the API server in {Rest.TotalSeconds:0} s of rest"), Text(scene.Audit.Since(since))]];
    }

    private static async Task<IEnumerable<IReadOnlyList<string>>> ChangesAsync(Scene scene, ClusterNodes nodes, ProgramProcess program)
    {
        var times = new List<TimeSpan>();
        var since = TimeProvider.System.GetUtcNow();
        var cpu = program.Cpu;
        var before = await ClusterMetrics.ReadAsync(program);
        for (var change = 1; change <= WarmUp + Changes; change++)
        {
            var service = change % ClusterNodes.UsedServices;
            if (change == WarmUp + 1)
            {
                await ProgrammedAsync(scene.Client);
                since = TimeProvider.System.GetUtcNow();
                cpu = program.Cpu;
                before = await ClusterMetrics.ReadAsync(program);
                times.Clear();
            }

            times.AddRange(await nodes.ChangeAsync(service, () => ClusterContent.ApplyPolicyAsync(scene.Client, service, change)));
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }

        var used = program.Cpu - cpu;
        var after = await ClusterMetrics.ReadAsync(program);
        await ProgrammedAsync(scene.Client);
        return
        [
            [Report.Text($"policy applied → acknowledged, {Changes} changes × {ClusterNodes.Count} nodes, p50 / p99 / max"), Report.Spread(times)],
            ["CPU of the operator per change", Report.Duration(used / Changes)],
            ["model, translation and snapshot of a change, mean", after.Mean(before, "mesh_reconcile_duration_seconds")],
            ["noticed → acknowledged by a proxy, as the operator tells it, mean", after.Mean(before, "mesh_convergence_duration_seconds")],
            ["a report on all objects, mean", after.Mean(before, "mesh_status_report_duration_seconds")],
            [Report.Text($"requests to the API server for {Changes} changes"), Text(scene.Audit.Since(since))],
        ];
    }

    /// <summary>Waits until the cluster says of every policy that it is in force.</summary>
    private static Task ProgrammedAsync(IKubernetes client) =>
        UntilAsync(async () => await ClusterContent.ProgrammedAsync(client) >= ClusterContent.Services);

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var timer = new PeriodicTimer(Look, TimeProvider.System);
        while (!await isSo())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static string Text(IReadOnlyDictionary<string, int> requests) => requests.Count == 0
        ? "none"
        : string.Join(", ", requests.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {pair.Key}")));

    [GeneratedRegex("objects of [0-9]+ kinds in (?<ms>[0-9.]+) ms", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReadTime();

    private sealed record Scene(TestApiServer Server, k8s.Kubernetes Client, AuditLog Audit, DirectoryInfo Folder)
    {
        public string Log => Path.Combine(Folder.FullName, "operator.log");
    }
}
