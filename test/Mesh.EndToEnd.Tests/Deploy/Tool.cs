// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Processes;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Deploy;

/// <summary>A program of the machine that a test needs and that not every machine has.</summary>
internal static class Tool
{
    /// <summary>Output of the program; ignores the test, aloud, where there is none.</summary>
    /// <param name="name">Name on PATH.</param>
    /// <param name="package">Debian's package that has it.</param>
    /// <param name="arguments">What it is to do.</param>
    public static async Task<CommandOutcome> RunAsync(string name, string package, params string[] arguments)
    {
        var path = new SearchPath(Environment.GetEnvironmentVariable("PATH")).First(name);
        if (path is null)
        {
            Assert.Ignore($"{name} is not on PATH; it is in Debian's package {package}");
        }

        var line = new CommandLine(path!, [.. arguments]) { Limit = Timeouts.Default * 3 }; // Ignore does not return.
        return await Command.RunAsync(line, CancellationToken.None);
    }
}
