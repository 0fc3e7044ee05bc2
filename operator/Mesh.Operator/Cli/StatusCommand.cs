// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Spectre.Console;

namespace Mesh.Operator.Cli;

/// <summary><c>mesh-operator status</c>: the table, from the status files of a running (or ended) operator.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var state = new Option<DirectoryInfo>("--state")
        {
            Description = "State folder of the operator",
            DefaultValueFactory = _ => new DirectoryInfo(".mesh"),
        };
        var command = new Command("status", "Print the status of every policy and route of a folder that is served") { state };
        command.SetAction(result => Run(result.GetRequiredValue(state)));
        return command;
    }

    private static int Run(DirectoryInfo state)
    {
        var folder = Path.Combine(state.FullName, "status");
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine(
                $"mesh-operator: no status in {folder}: an operator that serves a folder (run --dir) writes it there; name its --state. "
                + "In a cluster the objects carry their statuses: kubectl get meshes,trafficpolicies,meshnodes -A -o wide");
            return 2;
        }

        if (Notice(state) is { } notice)
        {
            Console.Error.WriteLine($"mesh-operator: {notice}");
        }

        var rows = StatusFiles.Read(folder);
        if (Console.IsOutputRedirected)
        {
            Console.Out.Write(StatusLines.Of(rows));
        }
        else
        {
            AnsiConsole.Write(StatusTable.Of(rows));
        }

        return 0;
    }

    /// <summary>An operator that was killed could not write that its proxies are gone: what is there is said to be old. Null while one runs.</summary>
    internal static string? Notice(DirectoryInfo state) => SocketFile.IsServed(RunOptions.SocketPathIn(state.FullName))
        ? null
        : $"no operator runs with --state {state} now; these are the last statuses of the one that did";
}
