// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Mesh.NodeAgent.Processes;

namespace Mesh.Benchmarks.ColdStart;

/// <summary>
/// Runs this program again in a network namespace of its own, in which the kernel brings connections to service addresses to Envoy's
/// listener and keeps their original destination. The namespace goes with its last process; the machine's own rules are not touched.
/// </summary>
internal static class CaptureNamespace
{
    private const string Script =
        """
        ip link set lo up || exit 90
        if command -v iptables >/dev/null; then
          iptables -t nat -A OUTPUT -p tcp -d 127.96.0.0/12 -j REDIRECT --to-ports 15001 || exit 91
        elif command -v nft >/dev/null; then
          nft 'table ip mesh { chain output { type nat hook output priority -100; ip daddr 127.96.0.0/12 meta l4proto tcp redirect to :15001; }; }' || exit 91
        else
          exit 92
        fi
        exec "$@"
        """;

    /// <summary>Null when it ran, else why it cannot run here.</summary>
    public static async Task<string?> RunAsync(string benchmark)
    {
        if (new SearchPath(Environment.GetEnvironmentVariable("PATH")).First("unshare") is not { } unshare)
        {
            return "unshare (util-linux) is not on PATH";
        }

        string[] isolation = Environment.IsPrivilegedProcess ? ["--net"] : ["--map-root-user", "--net"];
        using var process = Process.Start(new ProcessStartInfo(
            unshare, [.. isolation, "sh", "-c", Script, "sh", Environment.ProcessPath!, .. OwnAssembly(), benchmark])) // A process has a path.
            ?? throw new InvalidOperationException("unshare did not start.");
        await process.WaitForExitAsync();
        return process.ExitCode switch
        {
            0 => null,
            90 => "the loopback device of a new network namespace cannot be set up (ip, of iproute2, is needed)",
            91 => "the kernel or the rights of this user do not allow a redirect rule in a namespace of its own",
            92 => "neither iptables nor nft is on PATH",
            _ => "it ended with an error in the network namespace (above); making a namespace may not be allowed to this user",
        };
    }

    private static string[] OwnAssembly() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(CaptureNamespace).Assembly.Location] : [];
}
