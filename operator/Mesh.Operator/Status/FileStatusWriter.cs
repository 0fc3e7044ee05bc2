// SPDX-License-Identifier: Apache-2.0
using System.IO.Hashing;
using System.Text;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Status;

/// <summary>
/// Writes each status to <c>FOLDER/Kind/namespace.name.yaml</c> in the shape of the object itself, so that whoever reads an object's
/// status from the API server can read it here alike.
/// </summary>
internal sealed class FileStatusWriter(string folder) : IStatusWriter
{
    private const int LongestName = 200;

    private bool isClean;

    public async Task WriteAsync(
        IReadOnlyCollection<StatusDocument> changed, IReadOnlyCollection<ObjectKey> gone, CancellationToken cancellationToken)
    {
        if (!isClean)
        {
            TakeAwayEarlierRuns();
            isClean = true;
        }

        foreach (var document in changed)
        {
            await WriteFileAsync(PathOf(document.Status.Key), StatusYaml.Of(document), cancellationToken);
        }

        foreach (var path in gone.Select(PathOf).Where(File.Exists))
        {
            File.Delete(path);
        }
    }

    /// <summary>Statuses of an earlier run speak of objects that may be gone. What else a user keeps there is not ours.</summary>
    private void TakeAwayEarlierRuns()
    {
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).SelectMany(FilesOf) : [])
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<string> FilesOf(string kind) => Directory.EnumerateFiles(kind, "*.yaml");

    private string PathOf(ObjectKey key)
    {
        var name = key.Namespace.Length == 0 ? key.Name : $"{key.Namespace}.{key.Name}";
        return Path.Combine(folder, key.Kind, FileName(name) + ".yaml");
    }

    /// <summary>Names come from user input: whatever is no plain character is written as its number.</summary>
    private static string FileName(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c.ToString() : $"%{(int)c:x2}");
        }

        // Two long names may begin alike.
        return text.Length <= LongestName
            ? text.ToString()
            : text.ToString(0, LongestName) + "-" + Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(name)));
    }

    /// <summary>A reader never sees half a file.</summary>
    private static async Task WriteFileAsync(string path, string content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = path + ".new";
        await File.WriteAllTextAsync(draft, content, cancellationToken);
        File.Move(draft, path, overwrite: true);
    }
}
