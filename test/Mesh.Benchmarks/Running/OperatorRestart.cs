// SPDX-License-Identifier: Apache-2.0
using Mesh.Echo;
using Mesh.Testing;

namespace Mesh.Benchmarks.Running;

/// <summary>The operator is killed and started again while requests run.</summary>
internal static class OperatorRestart
{
    private const int Rate = 200;
    private const int Restarts = 3;

    public static async Task PrintAsync()
    {
        if (Report.RequireEnvoy("restart") is not { } envoy)
        {
            return;
        }

        var scene = new LoadScene(211);
        using var folder = OperatorFolder.Create(scene.Files);
        await using var echo = await EchoServer.StartAsync(scene.Pods, CancellationToken.None);
        var current = await OperatorProcess.StartAsync(folder, envoy);
        var rows = new List<string[]>();
        try
        {
            await using var warm = await Load.StartAsync(scene.Client, scene.Url, Rate);
            await warm.PassedAsync(Rate);
            await warm.StopAsync();
            for (var restart = 1; restart <= Restarts; restart++)
            {
                (current, var row) = await RestartAsync(current, () => OperatorProcess.StartAsync(folder, envoy), scene);
                rows.Add([Report.Text($"{restart}"), .. row]);
            }
        }
        finally
        {
            await current.StopAsync();
        }

        Report.Table(
            Report.Text($"restart: kill -9 of the operator under {Rate} requests/s"),
            ["restart", "failed requests", "Envoy", "resources sent again", "responses sent", "reconnected and settled"],
            rows);
    }

    private static async Task<(OperatorProcess Next, string[] Row)> RestartAsync(
        OperatorProcess current, Func<Task<OperatorProcess>> start, LoadScene scene)
    {
        var pid = current.EnvoyPid();
        await using var load = await Load.StartAsync(scene.Client, scene.Url, Rate);
        await load.PassedAsync(Rate);
        var begin = TimeProvider.System.GetTimestamp();
        await current.KillAsync();
        await load.PassedAsync(Rate);
        var started = TimeProvider.System.GetTimestamp();
        var next = await start();
        var took = TimeProvider.System.GetElapsedTime(started);
        await load.PassedAsync(2 * Rate);
        var metrics = await next.MetricsAsync(_ => true);
        var result = await load.StopAsync();
        foreach (var failure in result.Failures.Distinct(StringComparer.Ordinal))
        {
            Report.Say($"- failed: {failure}");
        }

        var away = TimeProvider.System.GetElapsedTime(begin, started);
        return (next,
        [
            Report.Text($"{result.Failures.Length} of {result.Requests}"),
            next.EnvoyPid() == pid ? "adopted, same process" : "ANOTHER PROCESS",
            Report.Text($"{metrics["mesh_xds_resources_sent_total"]}"),
            Report.Text($"{metrics["mesh_xds_responses_sent_total"]}"),
            Report.Text($"{took.TotalMilliseconds:0} ms after the start (gone for {away.TotalMilliseconds:0} ms before)"),
        ]);
    }
}
