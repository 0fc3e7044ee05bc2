// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>A running client made of grpc-js.</summary>
internal sealed class GrpcJs : IAsyncDisposable
{
    /// <summary>As in <c>client.js</c>.</summary>
    public const int CallsAtATime = 8;

    private static readonly string Source = Repository.File("test", "Mesh.EndToEnd.Tests", "Proxyless", "grpc-js");
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);

    private readonly Process process;

    private GrpcJs(Process process) => this.process = process;

    /// <summary>The folder with the client and what it needs, in the versions of its lock file. Ignores the test, aloud, where that cannot be had.</summary>
    public static async Task<string> RequireAsync()
    {
        var hash = SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Source, "package-lock.json")));
        var folder = Repository.File("artifacts", "grpc-js", Convert.ToHexStringLower(hash)[..12]);
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Source))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        // npm writes this file when all is there.
        if (!File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")) && await InstallAsync(folder) is { } problem)
        {
            Assert.Ignore($"No grpc-js client: {problem}");
        }

        return folder;
    }

    public static GrpcJs Start(string folder, ProxylessMesh mesh, string target)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(folder, "client.js"), "xds:///" + target])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["GRPC_XDS_BOOTSTRAP"] = mesh.BootstrapFile;
        return new GrpcJs(Process.Start(start) ?? throw new InvalidOperationException("node did not start."));
    }

    public async Task<CallCounts> CallAsync(int calls, TimeSpan? timeout = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var order = new { calls, timeout = (timeout ?? Timeouts.Default).TotalMilliseconds, metadata };
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
        await process.StandardInput.FlushAsync();
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The client ended.");
        using var answer = JsonDocument.Parse(line);
        return new CallCounts(Counts(answer, "ok"), Counts(answer, "failed").Values.Sum(), line);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync().WithTimeout();
        process.Dispose();
    }

    private static Dictionary<string, int> Counts(JsonDocument answer, string name) => answer.RootElement.GetProperty(name)
        .EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetInt32(), StringComparer.Ordinal);

    private static async Task<string?> InstallAsync(string folder)
    {
        using var limit = new CancellationTokenSource(InstallLimit);
        try
        {
            var result = await Cli.Wrap("npm")
                .WithArguments(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .WithWorkingDirectory(folder)
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(limit.Token);
            return result.ExitCode == 0 ? null : $"npm ci ended with {result.ExitCode}: {result.StandardError[..Math.Min(result.StandardError.Length, 200)]}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "there is no npm on PATH";
        }
        catch (OperationCanceledException)
        {
            return $"npm ci did not end within {InstallLimit}";
        }
    }
}
