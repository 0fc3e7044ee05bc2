// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CliWrap;
using Mesh.Operator.Pipeline;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>A run of the grpc-go client, under way or at its end.</summary>
internal sealed partial class GrpcGoCalls : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly StringBuilder output = new();
    private readonly StringBuilder log = new();
    private readonly Newest<int> logged = new(0);
    private readonly CommandTask<CommandResult> running;

    private GrpcGoCalls(Command command) => running = command
        .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output))
        .WithStandardErrorPipe(PipeTarget.ToDelegate(Note))
        .ExecuteAsync(stop.Token);

    public string Output => output.ToString();

    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    public bool IsRunning => !running.Task.IsCompleted;

    public static GrpcGoCalls Start(Command command) => new(command);

    /// <summary>Waits until the client has logged a text.</summary>
    public Task LoggedAsync(string text) => logged.WaitForAsync(_ => Log.Contains(text, StringComparison.Ordinal), CancellationToken.None).WithTimeout();

    /// <summary>Waits for the last call.</summary>
    public async Task<CallCounts> EndAsync()
    {
        await running.Task;
        var sum = Sum().Match(Output);
        Assert.That(sum.Success, Is.True, $"{Output}\n{Log}");
        var servers = Answered().Matches(Output)
            .GroupBy(match => match.Groups["name"].Value, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(match => Number(match.Groups["count"])), StringComparer.Ordinal);
        return new CallCounts(servers, Number(sum.Groups["failed"]), Output);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await ((Task)running.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private void Note(string line)
    {
        lock (log)
        {
            log.AppendLine(line);
        }

        logged.Publish(logged.Value + 1);
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("^calls (?<calls>[0-9]+) failed (?<failed>[0-9]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sum();

    [GeneratedRegex("^ok (?<count>[0-9]+) (?<name>\\S+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Answered();
}
