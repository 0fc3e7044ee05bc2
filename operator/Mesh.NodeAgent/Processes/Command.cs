// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Mesh.NodeAgent.Processes;

/// <summary>Runs a program to its end, within a limit; on cancellation it takes the program and its children along.</summary>
internal static class Command
{
    public static async Task<CommandOutcome> RunAsync(CommandLine line, CancellationToken ct)
    {
        using var process = new Process { StartInfo = StartInfoOf(line) };
        var output = new StringBuilder();
        DataReceivedEventHandler collect = (_, e) => Collect(output, e.Data, line.OnLine);
        process.OutputDataReceived += collect;
        process.ErrorDataReceived += collect;
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new CommandOutcome { ExitCode = null, Output = "", Problem = $"{line.Program} cannot be started: {e.Message}" };
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
            return new CommandOutcome { ExitCode = null, Output = TextOf(output), Problem = $"no end within {Seconds(line.Limit)} s" };
        }

        return OutcomeOf(process.ExitCode, TextOf(output));
    }

    public static string LastLine(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last : "(no output)";

    private static CommandOutcome OutcomeOf(int exitCode, string output) =>
        new()
        {
            ExitCode = exitCode,
            Output = output,
            Problem = exitCode == 0 ? null : $"exit code {exitCode.ToString(CultureInfo.InvariantCulture)}: {LastLine(output)}",
        };

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
