// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.Operator.Sources.Files;

/// <summary>The documents below a folder, by relative path, and the folders that could not be looked into with the reason.</summary>
internal sealed record FolderListing(ImmutableArray<string> Files, ImmutableSortedDictionary<string, string> Failures)
{
    /// <summary>The name that the watched folder itself has in <see cref="Failures"/>.</summary>
    public const string Top = "./";

    public static FolderListing Of(string folder)
    {
        var walk = new Walk(folder);
        walk.Visit("", RealPath(new DirectoryInfo(folder)));
        return new FolderListing([.. walk.Files.Order(StringComparer.Ordinal)], walk.Failures.ToImmutable());
    }

    /// <summary>Whether a file may be there unseen.</summary>
    public bool IsUnseen(string path) => Failures.Keys.Any(failed => failed == Top || path.StartsWith(failed, StringComparison.Ordinal));

    private static string RealPath(DirectoryInfo folder) => folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;

    private sealed class Walk(string root)
    {
        // Links may lead in circles; a folder is visited by its real path, once.
        private readonly HashSet<string> visited = new(StringComparer.Ordinal);

        public List<string> Files { get; } = [];

        public ImmutableSortedDictionary<string, string>.Builder Failures { get; } =
            ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);

        public void Visit(string relative, string realPath)
        {
            if (!visited.Add(realPath))
            {
                return;
            }

            try
            {
                var entries = new DirectoryInfo(Path.Combine(root, relative)).GetFileSystemInfos();
                Array.Sort(entries, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
                foreach (var entry in entries)
                {
                    Enter(entry, relative.Length == 0 ? entry.Name : $"{relative}/{entry.Name}", realPath);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Failures[relative.Length == 0 ? Top : relative + "/"] = $"the folder cannot be read: {e.Message}";
            }
        }

        private void Enter(FileSystemInfo entry, string relative, string parentRealPath)
        {
            // A link has the attributes of what it leads to.
            if (entry is not DirectoryInfo folder)
            {
                if (WatchedNames.IsDocument(entry.Name))
                {
                    Files.Add(relative);
                }

                return;
            }

            if (WatchedNames.IsSkippedFolder(relative))
            {
                return;
            }

            if (folder.LinkTarget is null)
            {
                Visit(relative, Path.Combine(parentRealPath, folder.Name));
            }
            else if (folder.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target)
            {
                Visit(relative, target.FullName);
            }
        }
    }
}
