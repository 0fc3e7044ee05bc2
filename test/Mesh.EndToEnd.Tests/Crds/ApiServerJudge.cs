// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Mesh.Crds.Schema;
using Mesh.Testing.Policies;

namespace Mesh.EndToEnd.Tests.Crds;

/// <summary>What a real API server, with our CRDs in it, says to a policy.</summary>
/// <param name="Stored">JSON of the object as it would be stored; null for a refused one.</param>
/// <param name="Words">What kubectl printed otherwise.</param>
internal sealed record ApiServerVerdict(string? Stored, string Words);

/// <summary>
/// Runs an API server for as long as it takes to try all policies. It needs the three programs of controller-runtime's envtest in
/// KUBEBUILDER_ASSETS and, in the folder above, a script "start" that runs a command with a server.
/// </summary>
internal static class ApiServerJudge
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Nothing tells when a CRD is served, hence the loop before the first policy.</summary>
    private const string Script = """
        set -eu
        cd "$1"
        kubectl apply --server-side -f crds
        for _ in $(seq 1000); do kubectl get trafficpolicies,meshes >/dev/null 2>&1 && break; sleep 0.1; done
        for policy in policies/*.json; do
          if kubectl create --dry-run=server -o json -f "$policy" >"$policy.stored" 2>"$policy.words"; then :; else rm "$policy.stored"; fi
        done
        """;

    public static string? FindStart()
    {
        var assets = Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS");
        var start = string.IsNullOrEmpty(assets) ? null : Path.Combine(Path.GetFullPath(assets), "..", "start");
        return File.Exists(start) ? start : null;
    }

    public static async Task<IReadOnlyList<ApiServerVerdict>> JudgeAsync(string start, IReadOnlyList<PolicyCase> policies)
    {
        var folder = Directory.CreateTempSubdirectory("mesh-crds-");
        try
        {
            Write(folder.FullName, policies);
            using var cancellation = new CancellationTokenSource(Limit, TimeProvider.System);
            await Cli.Wrap(start)
                .WithArguments(["--", "bash", "-c", Script, "judge", folder.FullName])
                .ExecuteBufferedAsync(Encoding.UTF8, Encoding.UTF8, CancellationToken.None, cancellation.Token);
            return [.. policies.Select((_, index) => ReadVerdict(folder.FullName, index))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Write(string folder, IReadOnlyList<PolicyCase> policies)
    {
        var definitions = Directory.CreateDirectory(Path.Combine(folder, "crds")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "policies"));
        foreach (var (path, content) in Generator.Generate().Where(file => file.Key.StartsWith("crds/manifests/", StringComparison.Ordinal)))
        {
            File.WriteAllText(Path.Combine(definitions, Path.GetFileName(path)), content);
        }

        for (var i = 0; i < policies.Count; i++)
        {
            File.WriteAllText(PolicyFile(folder, i), policies[i].Document().ToJsonString());
        }
    }

    private static ApiServerVerdict ReadVerdict(string folder, int index)
    {
        var stored = PolicyFile(folder, index) + ".stored";
        return new ApiServerVerdict(File.Exists(stored) ? File.ReadAllText(stored) : null, File.ReadAllText(PolicyFile(folder, index) + ".words"));
    }

    private static string PolicyFile(string folder, int index) => Path.Combine(folder, "policies", $"{index:D3}.json");
}
