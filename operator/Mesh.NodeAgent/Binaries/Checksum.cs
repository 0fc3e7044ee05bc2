// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace Mesh.NodeAgent.Binaries;

/// <summary>SHA-256 of downloaded files.</summary>
internal static class Checksum
{
    /// <summary>Null when the file has the wanted checksum, else what is wrong.</summary>
    public static async Task<string?> CheckAsync(string path, string wanted, CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
        return found == wanted ? null : $"{Path.GetFileName(path)} has SHA-256 {found}, expected {wanted}: not used";
    }
}
