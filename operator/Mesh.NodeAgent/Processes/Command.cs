// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Mesh.NodeAgent.Processes;

/// <summary>Runs a program to its end, within a limit; on cancellation it takes the program and its children along.</summary>
internal static class Command
{
    /// <summary>ETXTBSY of errno(3).</summary>
    private const int TextFileBusy = 26;
    private const int MostBusy = 100;
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(20);

    public static async Task<CommandOutcome> RunAsync(CommandLine line, CancellationToken ct)
    {
        using var process = new Process { StartInfo = StartInfoOf(line) };
        var (both, standard) = (new StringBuilder(), new StringBuilder());
        process.OutputDataReceived += (_, e) => Collect(standard, e.Data, onLine: null);
        process.OutputDataReceived += (_, e) => Collect(both, e.Data, line.OnLine);
        process.ErrorDataReceived += (_, e) => Collect(both, e.Data, line.OnLine);
        try
        {
            await StartAsync(process, ct);
        }
        catch (Win32Exception e)
        {
            return Outcome(null, $"{line.Program} cannot be started: {e.Message}");
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(line.Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            return Outcome(null, $"no end within {Seconds(line.Limit)} s");
        }

        return Outcome(process.ExitCode, ProblemOf(process.ExitCode, TextOf(both)));

        CommandOutcome Outcome(int? exitCode, string? problem) =>
            new() { ExitCode = exitCode, Output = TextOf(both), StandardOutput = TextOf(standard), Problem = problem };
    }

    private static async Task StartAsync(Process process, CancellationToken ct)
    {
        for (var busy = 0; ; busy++)
        {
            try
            {
                process.Start();
                return;
            }
            catch (Win32Exception e) when (e.NativeErrorCode == TextFileBusy && busy < MostBusy)
            {
                // We wrote it a moment ago. Another child of ours that was about to be started then has it open, until its own program runs.
                await Task.Delay(BusyPause, TimeProvider.System, ct);
            }
        }
    }

    public static string LastLine(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last : "(no output)";

    private static string? ProblemOf(int exitCode, string output) =>
        exitCode == 0 ? null : $"exit code {exitCode.ToString(CultureInfo.InvariantCulture)}: {LastLine(output)}";

    private static ProcessStartInfo StartInfoOf(CommandLine line) =>
        new(line.Program, line.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

    private static void Collect(StringBuilder output, string? text, Action<string>? onLine)
    {
        if (text is null)
        {
            return;
        }

        lock (output)
        {
            output.AppendLine(text);
        }

        onLine?.Invoke(text);
    }

    private static string TextOf(StringBuilder output)
    {
        lock (output)
        {
            return output.ToString();
        }
    }

    private static string Seconds(TimeSpan limit) => limit.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
