// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Mesh.NodeAgent.Processes;

namespace Mesh.Sample;

/// <summary>The operator as a process of its own, as it would run for real.</summary>
internal sealed class OperatorProcess
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    private readonly RunningProcess _process;
    private readonly string _state;

    private OperatorProcess(RunningProcess process, string state)
    {
        _process = process;
        _state = state;
    }

    /// <summary>Completes when it has ended, with how in words.</summary>
    public Task<string> Exited => _process.Exited;

    public static string LogPath(string state) => Path.Combine(state, "operator.log");

    /// <param name="options">What to serve.</param>
    /// <param name="source">Where the operator takes the mesh from: its options.</param>
    /// <param name="envoy">The Envoy to run; null for the simulated node.</param>
    public static async Task<OperatorProcess> StartAsync(SampleOptions options, IEnumerable<string> source, string? envoy)
    {
        Directory.CreateDirectory(options.State);
        await StopLeftoverAsync(options.State);
        File.Delete(LogPath(options.State));

        // Statuses of an earlier run would be taken for those of this one.
        var statuses = Path.Combine(options.State, "status");
        if (Directory.Exists(statuses))
        {
            Directory.Delete(statuses, recursive: true);
        }

        var pid = DetachedProcess.Start(DotnetHost(), Arguments(options, source, envoy), LogPath(options.State));
        var process = RunningProcess.Child(pid);
        await File.WriteAllTextAsync(
            PidPath(options.State), string.Create(CultureInfo.InvariantCulture, $"{process.Identity.Pid} {process.Identity.StartTime}\n"));
        return new OperatorProcess(process, options.State);
    }

    /// <summary>SIGTERM, which makes the operator stop its Envoy too; SIGKILL when that takes too long.</summary>
    public async Task StopAsync()
    {
        await StopAsync(_process);
        File.Delete(PidPath(_state));
    }

    /// <summary>The end of its log, for when it ended by itself.</summary>
    public static string LogTail(string state, int lines) =>
        File.Exists(LogPath(state)) ? string.Join('\n', File.ReadLines(LogPath(state)).TakeLast(lines)) : "";

    private static ImmutableArray<string> Arguments(SampleOptions options, IEnumerable<string> source, string? envoy) =>
    [
        options.Operator, "run", .. source, "--state", options.State,
        .. envoy is null ? ["--proxy", "simulated"] : (string[])["--proxy", "envoy", "--envoy", envoy],
    ];

    private static string PidPath(string state) => Path.Combine(state, "operator.pid");

    /// <summary>A sample that was killed leaves its operator; two of them cannot serve one folder.</summary>
    private static async Task StopLeftoverAsync(string state)
    {
        if (File.Exists(PidPath(state))
            && (await File.ReadAllTextAsync(PidPath(state))).Trim().Split(' ') is [var pid, var start]
            && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && ulong.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var startTime)
            && new ProcessIdentity(id, startTime) is { IsAlive: true } identity)
        {
            await StopAsync(RunningProcess.Found(identity));
        }
    }

    private static async Task StopAsync(RunningProcess process)
    {
        process.Signal(Posix.SIGTERM);
        try
        {
            await process.Exited.WaitAsync(StopLimit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            process.Signal(Posix.SIGKILL);
            await process.Exited;
        }
    }

    /// <summary>The host that runs this program when it is one, else the one on PATH.</summary>
    private static string DotnetHost() =>
        Path.GetFileName(Environment.ProcessPath) == "dotnet"
            ? Environment.ProcessPath! // It has a file name.
            : new SearchPath(Environment.GetEnvironmentVariable("PATH")).First("dotnet") ?? throw new IOException("dotnet is not on PATH");
}
