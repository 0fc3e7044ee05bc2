// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Mesh.NodeAgent.Processes;

namespace Mesh.NodeAgent.Binaries;

/// <summary>Asks a binary for its version, which also shows that it runs on this machine.</summary>
internal static partial class EnvoyVersionQuery
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>The version, or what is wrong in words that complete "…, but".</summary>
    public static async Task<(Version? Version, string? Problem)> AskAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
        {
            return (null, Directory.Exists(path) ? "it is a folder" : "no such file");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ExecuteBits) == UnixFileMode.None)
        {
            return (null, "it is not executable (chmod +x)");
        }

        var outcome = await Command.RunAsync(new CommandLine(path, ["--version"]) { Limit = Limit }, ct);
        if (!outcome.Succeeded)
        {
            return (null, $"\"envoy --version\" failed: {outcome.Problem}");
        }

        var match = VersionPattern().Match(outcome.Output);
        return match.Success
            ? (Version.Parse(match.Groups["version"].ValueSpan), null)
            : (null, $"\"envoy --version\" does not answer like Envoy: {Command.LastLine(outcome.Output)}");
    }

    private const UnixFileMode ExecuteBits = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // envoy  version: 9e55…/1.40.0/Clean/RELEASE/BoringSSL
    [GeneratedRegex(@"version: [0-9a-f]+/(?<version>\d+\.\d+\.\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionPattern();
}
