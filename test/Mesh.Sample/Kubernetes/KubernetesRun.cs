// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Sample.Folder;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.Sample.Kubernetes;

/// <summary>
/// The sample on a Kubernetes API server of its own: kubectl installs what a user would, this process plays scheduler, kubelet and pods.
/// </summary>
internal sealed class KubernetesRun(SampleOptions options, TextWriter output, TimeProvider time)
{
    private const string ChangedPolicy = "cart-resilience";
    private const string Space = "shop";
    private const int LogLines = 15;

    /// <summary>The exit code.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var tools = KubernetesTools.Find(options.Root);
        var mesh = SampleStart.ReadMesh(options);
        var envoy = options.Simulated ? null : await EnvoyPreparation.PrepareAsync(options.Envoy, Say, ct);
        if (envoy is null)
        {
            Say(EnvoyPreparation.Banner);
        }

        await using var pods = await SampleStart.PodsAsync(mesh, ct);
        await using var server = await TestApiServer.StartFromAsync(tools.Assets, "--service-cluster-ip-range=127.96.0.0/16");
        using var admission = new ReservedPort();
        using var http = new ReservedPort();
        var cluster = new SampleCluster(server, options, time, Say);
        var webhook = new SampleAdmission(server, options, time, Say);
        try
        {
            Say($"An API server runs at {server.Address}; kubectl installs the CRDs, the webhook and the sample:");
            await cluster.InstallAsync(tools.GatewayApi);
            await webhook.InstallAsync(admission.EndPoint);
            var meshOperator = await OperatorProcess.StartAsync(
                options,
                ["--kubernetes", "--kubeconfig", server.Kubeconfig, "--node", SampleCluster.Node, "--admission", $"{admission.EndPoint}", "--http", $"{http.EndPoint}"],
                envoy);
            var hints = new ShellHints(tools.Assets, server.Kubeconfig, http.EndPoint, OperatorProcess.LogPath(options.State), mesh.Targets);
            return await RunAsync(new Demonstration(cluster, webhook, hints, meshOperator), envoy is null ? [] : mesh.Targets, mesh, ct);
        }
        catch (InvalidOperationException e)
        {
            return Failed(e.Message);
        }
    }

    private async Task<int> RunAsync(Demonstration shown, IReadOnlyList<CallTarget> targets, SampleMesh mesh, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var traffic = new SampleCalls(targets, mesh.Client, options, time, Say);
        var calls = traffic.RunAsync(stop.Token);
        try
        {
            return await ShowAsync(shown, traffic, ct);
        }
        finally
        {
            await stop.CancelAsync();
            await calls;
            Say("stopping the operator, its proxy and the API server");
            await shown.Operator.StopAsync();
        }
    }

    private async Task<int> ShowAsync(Demonstration shown, SampleCalls traffic, CancellationToken ct)
    {
        var begin = time.GetTimestamp();
        await shown.Cluster.ProgrammedAsync(options.Limit);
        Say(string.Create(CultureInfo.InvariantCulture, $"\nEvery policy and route is in force {time.GetElapsedTime(begin).TotalSeconds:0.0} s after the operator's start:"));
        await shown.Cluster.ShowTablesAsync();
        await shown.Admission.UntilAskedAsync(ct);
        await ChangeAsync(shown.Cluster);
        if (await shown.Admission.ShowAsync() is { } wrong)
        {
            return Failed(wrong);
        }

        if (await traffic.CheckAsync(ct) is { } unanswered)
        {
            return Failed(unanswered);
        }

        if (options.Once)
        {
            Say($"OK: kubectl shows every policy in force, a change by kubectl apply was acknowledged, a bad policy was refused and of a route was warned"
                + $"{(traffic.IsNone ? "; no traffic was checked, as there is no Envoy" : ", and all calls were answered")}.");
            return 0;
        }

        Say(shown.Hints.Text());
        return await WatchAsync(shown, ct);
    }

    /// <summary>Until cancelled, or until the operator ends by itself.</summary>
    private async Task<int> WatchAsync(Demonstration shown, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watching = shown.Cluster.WatchAsync(stop.Token);
        var first = await Task.WhenAny(watching, shown.Operator.Exited);
        await stop.CancelAsync();
        await watching;
        return first == watching ? 0 : Failed($"the operator ended ({await shown.Operator.Exited})");
    }

    private async Task ChangeAsync(SampleCluster cluster)
    {
        Say($"\nA change by kubectl apply (the time limit of TrafficPolicy {Space}/{ChangedPolicy}), and kubectl wait until proxies have it:");
        var generation = await cluster.ChangeTimeoutAsync(ChangedPolicy);
        var begin = time.GetTimestamp();
        await cluster.ProgrammedAsync(ChangedPolicy, generation, options.Limit);
        Say(string.Create(CultureInfo.InvariantCulture, $"generation {generation} in force, as kubectl wait saw it, after {time.GetElapsedTime(begin).TotalMilliseconds:0} ms"));
    }

    private int Failed(string why)
    {
        Say($"FAILED: {why}\nThe operator's log ends with:\n{OperatorProcess.LogTail(options.State, LogLines)}");
        return 1;
    }

    private void Say(string text) => output.WriteLine(text);

    private sealed record Demonstration(SampleCluster Cluster, SampleAdmission Admission, ShellHints Hints, OperatorProcess Operator);
}
