// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace Mesh.Xds.Hosting.Tls;

/// <summary>The bytes of the files at one moment.</summary>
internal sealed class TlsContent
{
    private readonly byte[][] files;

    private TlsContent(byte[][] files) => this.files = files;

    public ReadOnlySpan<byte> Certificate => files[0];

    public ReadOnlySpan<byte> Key => files[1];

    /// <summary>Null where no clients' roots are asked for.</summary>
    public byte[]? ClientCa => files.Length > 2 ? files[2] : null;

    /// <summary>Tells contents apart without keeping a key in memory.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData([.. files.SelectMany(static file => SHA256.HashData(file))]));

    /// <exception cref="TlsFileException">A file cannot be read.</exception>
    public static TlsContent Read(TlsFiles paths) => new([.. paths.All.Select(ReadFile)]);

    public void Forget() => Array.ForEach(files, static file => CryptographicOperations.ZeroMemory(file));

    private static byte[] ReadFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxBytes)
            {
                throw new TlsFileException($"{path}: {file.Length} bytes are no PEM file of certificates or a key; at most {MaxBytes} are read");
            }

            using var content = new MemoryStream((int)file.Length);
            file.CopyTo(content);
            var bytes = content.ToArray();
            CryptographicOperations.ZeroMemory(content.GetBuffer());
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TlsFileException($"{path}: there is no such file; it must be a PEM file that this process may read", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or (IOException and not TlsFileException))
        {
            throw new TlsFileException($"{path}: cannot be read ({e.Message}); it must be a PEM file that this process may read", e);
        }
    }

    private const int MaxBytes = 4 << 20;
}
