// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Status;

/// <summary>
/// Writes each status to <c>FOLDER/Kind/namespace.name.yaml</c> in the shape of the object itself, so that whoever reads an object's
/// status from the API server can read it here alike.
/// </summary>
internal sealed class FileStatusWriter(string folder) : IStatusWriter
{
    private bool isClean;

    public async Task WriteAsync(
        IReadOnlyCollection<StatusDocument> changed, IReadOnlyCollection<ObjectKey> gone, CancellationToken cancellationToken)
    {
        if (!isClean && Directory.Exists(folder))
        {
            // Statuses of an earlier run speak of objects that may be gone.
            Directory.Delete(folder, recursive: true);
        }

        isClean = true;
        foreach (var document in changed)
        {
            await WriteFileAsync(PathOf(document.Status.Key), StatusYaml.Of(document), cancellationToken);
        }

        foreach (var key in gone)
        {
            // Somebody may have taken the folder away, with which the status is gone as well.
            if (PathOf(key) is var path && File.Exists(path))
            {
                File.Delete(path);
            }
        }
    }

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

        return text.Length <= 200 ? text.ToString() : text.ToString(0, 200);
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
