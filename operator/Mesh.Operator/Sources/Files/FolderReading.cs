// SPDX-License-Identifier: Apache-2.0
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Mesh.Operator.Sources.Yaml;

namespace Mesh.Operator.Sources.Files;

/// <summary>Reads what changed in a folder, as edits of a <see cref="FileIndex"/>.</summary>
internal static class FolderReading
{
    public static Dictionary<string, ParsedFile?> Read(string folder, FileIndex index, Func<string, bool> isSuspect)
    {
        var edits = new Dictionary<string, ParsedFile?>(StringComparer.Ordinal);
        var listing = FolderListing.Of(folder);
        foreach (var path in listing.Files)
        {
            var known = index.Files.GetValueOrDefault(path);
            if (known is not null && !isSuspect(path))
            {
                continue;
            }

            var read = ReadFile(folder, path, known);
            if (read?.Hash != known?.Hash)
            {
                edits[path] = read;
            }
        }

        foreach (var (path, why) in listing.Failures)
        {
            edits[path] = Unreadable(path, why);
        }

        var seen = listing.Files.Concat(listing.Failures.Keys).ToHashSet(StringComparer.Ordinal);
        foreach (var path in index.Files.Keys.Where(path => !seen.Contains(path) && !listing.IsUnseen(path)))
        {
            edits[path] = null;
        }

        return edits;
    }

    private static ParsedFile? ReadFile(string folder, string path, ParsedFile? known)
    {
        try
        {
            var file = new FileInfo(Path.Combine(folder, path));
            // A link has a length of its own.
            var length = (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file).Length;

            // Pipes and devices have no length, and opening or reading one could go on for ever.
            var bytes = length == 0 ? [] : ReadAtMost(file.FullName, TextLimits.FileBytes);
            if (bytes is null)
            {
                return Unreadable(path, $"the file has {length >> 20} MiB: split it into files of at most {TextLimits.FileBytes >> 20} MiB");
            }

            return known is not null && XxHash128.HashToUInt128(bytes) == known.Hash ? known : FileReading.Read(path, bytes, known);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return Unreadable(path, "the file cannot be read: give the operator's user the right to read it");
        }
        catch (IOException e)
        {
            return Unreadable(path, $"the file cannot be read: {e.Message}");
        }
    }

    /// <summary>Null for more than <paramref name="limit"/>, whatever length the file claims: it may grow, or be made as it is read.</summary>
    private static byte[]? ReadAtMost(string path, long limit)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length > limit)
        {
            return null;
        }

        var bytes = new byte[stream.Length];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static ParsedFile Unreadable(string path, string why) =>
        FileReading.Unreadable(path, XxHash128.HashToUInt128(MemoryMarshal.AsBytes(why.AsSpan())), why);
}
