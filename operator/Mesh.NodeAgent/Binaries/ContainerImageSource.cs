// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Processes;

namespace Mesh.NodeAgent.Binaries;

/// <summary>The binary inside Envoy's container image, copied out by docker or podman; nothing is run in a container.</summary>
internal sealed class ContainerImageSource(EnvoyRelease release, string program, EnvoyInstallerOptions options) : IEnvoySource
{
    private const string PathInImage = "/usr/local/bin/envoy";

    private static readonly TimeSpan CleanupLimit = TimeSpan.FromSeconds(30);

    public string Name => $"the image {release.Image} (by {program})";

    public async Task<FetchOutcome> FetchAsync(string folder, Action<string> report, CancellationToken ct)
    {
        if (options.Tools.First(program) is not { } path)
        {
            return FetchOutcome.Failed($"{program} is not on PATH");
        }

        var created = await Command.RunAsync(
            new CommandLine(path, ["create", release.Image]) { Limit = options.Command, OnLine = text => report($"{program}: {text.Trim()}") }, ct);
        if (!created.Succeeded)
        {
            return FetchOutcome.Failed(created.Problem!); // A problem is what Succeeded denies.
        }

        // The container's id; progress of a pull goes to standard error, and which of the two comes first is chance.
        var container = Command.LastLine(created.StandardOutput);
        var binary = Path.Combine(folder, "envoy");
        try
        {
            var copied = await Command.RunAsync(new CommandLine(path, ["cp", $"{container}:{PathInImage}", binary]) { Limit = options.Command }, ct);
            return copied.Succeeded && File.Exists(binary)
                ? new FetchOutcome { Path = binary, Verified = $"the image was checked by {program}; no checksum of the binary is pinned, its version is checked" }
                : FetchOutcome.Failed($"{PathInImage} cannot be copied out of {release.Image}: {copied.Problem ?? "no file came"}");
        }
        finally
        {
            // The container is ours to remove, also when the copy was cancelled.
            await Command.RunAsync(new CommandLine(path, ["rm", container]) { Limit = CleanupLimit }, CancellationToken.None);
        }
    }
}
