// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using Mesh.XdsBench;

namespace Mesh.EndToEnd.Tests.Protocol;

/// <summary>The rules of the xDS protocol, both variants, as a conformance client that is not ours reads them.</summary>
internal sealed class ProtocolRulesTests
{
    private const string HarnessVariable = "XDS_BENCH";

    // For what must come, and does at once where nothing else runs.
    private const string LongestWait = "30s";

    // It listens for silence after most checks, which takes two minutes in all.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Test]
    public async Task Server_keeps_every_rule()
    {
        var client = RequireClient();
        var options = new BenchOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Admin = new IPEndPoint(IPAddress.Loopback, 0) };
        await using var server = await BenchServer.StartAsync(options);

        var lines = await CheckAsync(client, server);
        var failed = Failed(lines);

        // The client takes what came before half a second of silence for all that comes, and a busy machine may be silent for longer. It
        // looks again with more patience: a broken rule is no less broken then.
        var stillFailed = failed.Count == 0 ? [] : Failed(await CheckAsync(client, server, "--quiet", "4s", "--run", Only(failed)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stillFailed, Is.Empty);
            Assert.That(lines.Where(static line => line.StartsWith("SKIP", StringComparison.Ordinal)), Is.Empty);
            Assert.That(lines.LastOrDefault(), Does.Match("^[1-9][0-9]+ passed, [0-9]+ failed, 0 skipped"));
        }
    }

    private static async Task<string[]> CheckAsync(string client, BenchServer server, params string[] more)
    {
        using var limit = new CancellationTokenSource(Limit);
        var result = await Cli.Wrap(client)
            .WithArguments(["--addr", server.Addresses[0].Authority, "--admin", $"http://{server.Addresses[1].Authority}", "--wait", LongestWait, .. more])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(limit.Token);
        var lines = result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Is.Not.Empty, result.StandardError);
        return lines;
    }

    private static List<string> Failed(string[] lines) => [.. lines.Where(static line => line.StartsWith("FAIL", StringComparison.Ordinal))];

    /// <summary>Lines are "FAIL must NAME what happened".</summary>
    private static string Only(List<string> failed) =>
        $"^({string.Join('|', failed.Select(static line => Regex.Escape(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2])))})$";

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
