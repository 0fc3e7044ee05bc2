// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Sample.Folder;
using Mesh.Sample.Table;
using Mesh.Sample.Traffic;
using Spectre.Console;

namespace Mesh.Sample;

/// <summary>The sample from start to end.</summary>
internal sealed class SampleRun(SampleOptions options, TextWriter output, TimeProvider time)
{
    private const int CallsToJudge = 300;
    private const int FasterForOnce = 2;
    private const int LogLines = 15;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PlainTraffic = TimeSpan.FromSeconds(5);

    /// <summary>The exit code.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var envoy = options.Simulated ? null : await EnvoyPreparation.PrepareAsync(options.Envoy, Say, ct);
        if (envoy is null)
        {
            Say(EnvoyPreparation.Banner);
        }

        var mesh = SampleStart.ReadMesh(options);
        await using var pods = await SampleStart.PodsAsync(mesh, ct);
        Say(string.Create(CultureInfo.InvariantCulture, $"{mesh.Pods.Count} pods run; starting the operator (log: {OperatorProcess.LogPath(options.State)})"));
        var meshOperator = await OperatorProcess.StartAsync(options, ["--dir", options.Directory], envoy);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var traffic = envoy is null
            ? []
            : mesh.Targets.Select(target => new TrafficGenerator(target, mesh.Client, new TrafficWindow(time, options.Once ? options.Limit : Window), time)).ToList();
        var calls = Task.WhenAll(traffic.Select(generator => generator.RunAsync(options.Once ? options.Rate * FasterForOnce : options.Rate, stop.Token)));
        try
        {
            return options.Once
                ? await CheckAsync(mesh, traffic, meshOperator, ct)
                : await ShowAsync(mesh, traffic, meshOperator, ct);
        }
        finally
        {
            await stop.CancelAsync();
            await calls;
            Say("stopping the operator and its proxy");
            await meshOperator.StopAsync();
        }
    }

    /// <summary>Waits until all is as it should be, and prints the table once.</summary>
    private async Task<int> CheckAsync(SampleMesh mesh, List<TrafficGenerator> traffic, OperatorProcess meshOperator, CancellationToken ct)
    {
        var begin = time.GetTimestamp();
        var counting = false;
        while (true)
        {
            var view = SampleView.Read(options, mesh, traffic);
            if (!counting && view.Missing.Count == 0 && view.Statuses.All(status => status.IsInForce))
            {
                // Calls made while the mesh came up do not count.
                counting = true;
                traffic.ForEach(generator => generator.Window.Clear());
                continue;
            }

            var shortcomings = view.Shortcomings(CallsToJudge);
            if (counting && shortcomings.Count == 0)
            {
                Say(PlainText.Of(view));
                Say(Verdict(traffic.Count > 0, time.GetElapsedTime(begin)));
                return 0;
            }

            if (meshOperator.Exited.IsCompleted || time.GetElapsedTime(begin) > options.Limit)
            {
                var why = meshOperator.Exited.IsCompleted
                    ? $"the operator ended ({await meshOperator.Exited}):\n{OperatorProcess.LogTail(options.State, LogLines)}"
                    : string.Create(CultureInfo.InvariantCulture, $"not as it should be after {options.Limit.TotalSeconds:0} s:");
                Say(PlainText.Of(view));
                Say($"FAILED: {why}\n  {string.Join("\n  ", shortcomings)}");
                return 1;
            }

            await Task.Delay(Refresh, time, ct);
        }
    }

    private static string Verdict(bool withTraffic, TimeSpan took) => string.Create(
        CultureInfo.InvariantCulture,
        $"OK after {took.TotalSeconds:0.0} s: every policy is in force{(withTraffic ? ", and traffic splits as the routes say" : "; no traffic was checked, as there is no Envoy")}.");

    /// <summary>Shows the table until cancelled or until the operator ends.</summary>
    private async Task<int> ShowAsync(SampleMesh mesh, List<TrafficGenerator> traffic, OperatorProcess meshOperator, CancellationToken ct)
    {
        try
        {
            if (Console.IsOutputRedirected)
            {
                await PrintLinesAsync(mesh, traffic, meshOperator, ct);
            }
            else
            {
                await AnsiConsole.Live(new Text("starting")).StartAsync(async live =>
                {
                    while (!meshOperator.Exited.IsCompleted)
                    {
                        live.UpdateTarget(LiveTable.Of(SampleView.Read(options, mesh, traffic)));
                        await Task.Delay(Refresh, time, ct);
                    }
                });
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }

        Say($"FAILED: the operator ended ({await meshOperator.Exited}):\n{OperatorProcess.LogTail(options.State, LogLines)}");
        return 1;
    }

    private async Task PrintLinesAsync(SampleMesh mesh, List<TrafficGenerator> traffic, OperatorProcess meshOperator, CancellationToken ct)
    {
        var shown = "";
        var lastTraffic = time.GetTimestamp();
        while (!meshOperator.Exited.IsCompleted)
        {
            var view = SampleView.Read(options, mesh, traffic);
            var policies = PlainText.Policies(view);
            if (policies != shown)
            {
                Say(shown = policies);
            }

            if (time.GetElapsedTime(lastTraffic) > PlainTraffic)
            {
                lastTraffic = time.GetTimestamp();
                Say(PlainText.Traffic(view));
            }

            await Task.Delay(Refresh, time, ct);
        }
    }

    private void Say(string text) => output.WriteLine(text);
}
