// SPDX-License-Identifier: Apache-2.0
namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>The file that an operator reads its token from.</summary>
internal sealed class TokenOnDisk : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mesh-token-");

    public string Path => System.IO.Path.Combine(folder.FullName, "token");

    /// <summary>At once, as kubelet does.</summary>
    public async Task WriteAsync(string token)
    {
        await File.WriteAllTextAsync($"{Path}.new", token);
        File.Move($"{Path}.new", Path, overwrite: true);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
