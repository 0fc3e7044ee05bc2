// SPDX-License-Identifier: Apache-2.0
using System.Net;
using CliWrap;
using CliWrap.Buffered;
using Mesh.XdsBench;

namespace Mesh.EndToEnd.Tests.Protocol;

/// <summary>The rules of the xDS protocol, both variants, as a conformance client that is not ours reads them.</summary>
internal sealed class ProtocolRulesTests
{
    private const string HarnessVariable = "XDS_BENCH";

    // It listens for silence after most checks, which takes two minutes in all.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    [Test]
    public async Task Server_keeps_every_rule()
    {
        var client = RequireClient();
        var options = new BenchOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Admin = new IPEndPoint(IPAddress.Loopback, 0) };
        await using var server = await BenchServer.StartAsync(options);
        using var limit = new CancellationTokenSource(Limit);

        var result = await Cli.Wrap(client)
            .WithArguments(["--addr", server.Addresses[0].Authority, "--admin", $"http://{server.Addresses[1].Authority}"])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(limit.Token);

        var lines = result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using (Assert.EnterMultipleScope())
        {
            var failed = lines.Where(static line => line.StartsWith("FAIL", StringComparison.Ordinal));
            Assert.That(failed, Is.Empty);
            Assert.That(lines.Where(static line => line.StartsWith("SKIP", StringComparison.Ordinal)), Is.Empty);
            Assert.That(lines.LastOrDefault(), Does.Match("^[1-9][0-9]+ passed, [0-9]+ failed, 0 skipped"), result.StandardError);
        }
    }

    private static string RequireClient()
    {
        var folder = Environment.GetEnvironmentVariable(HarnessVariable) ?? "";
        var client = Path.Combine(folder, "bin", "xdscheck");
        if (folder.Length == 0 || !File.Exists(client))
        {
            Assert.Ignore($"No conformance client: {HarnessVariable} names no folder with bin/xdscheck in it");
        }

        return client;
    }
}
