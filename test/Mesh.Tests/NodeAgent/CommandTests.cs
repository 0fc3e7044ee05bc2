// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Versioning;
using Mesh.NodeAgent.Processes;
using Mesh.Testing;

namespace Mesh.Tests.NodeAgent;

[UnsupportedOSPlatform("windows")]
public sealed class CommandTests
{
    [Test]
    public async Task Program_that_is_still_open_for_writing_is_started_when_it_is_closed()
    {
        using var folder = new TemporaryFolder();
        var script = folder.Script("program", "echo here");
        var writer = new FileStream(script, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var running = Command.RunAsync(new CommandLine(script, []) { Limit = Timeouts.Default }, CancellationToken.None);
        await writer.DisposeAsync();

        var outcome = await running.WithTimeout();

        Assert.That((outcome.Problem, outcome.Output), Is.EqualTo(((string?)null, "here\n")));
    }
}
