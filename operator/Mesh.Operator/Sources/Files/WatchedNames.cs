// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Sources.Files;

/// <summary>Which names in the folder count.</summary>
internal static class WatchedNames
{
    /// <summary>The folder that file mode writes status to, when it stands inside the watched one.</summary>
    public const string StatusFolder = "status";

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    public static bool IsDocument(string name) =>
        !IsHidden(name) && Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Hidden files, and what editors put beside the file they write.</summary>
    public static bool IsHidden(string name) => name.Length == 0 || name[0] is '.' or '#' or '~';

    /// <summary>A folder below the watched one that is not looked into.</summary>
    public static bool IsSkippedFolder(string relative) => relative == StatusFolder || IsHidden(Path.GetFileName(relative));

    /// <summary>Whether a path lies in a folder that is not looked into.</summary>
    public static bool IsSkipped(string relative)
    {
        var folder = Path.GetDirectoryName(relative);
        while (!string.IsNullOrEmpty(folder))
        {
            if (IsSkippedFolder(folder))
            {
                return true;
            }

            folder = Path.GetDirectoryName(folder);
        }

        return relative == StatusFolder;
    }
}
