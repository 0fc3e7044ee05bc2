// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Sources.Files;

/// <summary>The kernel's notice of changes below a folder.</summary>
internal sealed class FolderWatch(string folder, FolderChanges changes) : IDisposable
{
    private FileSystemWatcher? watcher;

    /// <summary>Watches the folder that has the name now: the one watched before may have been moved away. Says why when it cannot.</summary>
    public Exception? Arm()
    {
        var former = watcher;
        watcher = null;
        try
        {
            watcher = Watch();
            return null;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // No folder, or no inotify instance left: looking regularly has to do.
            return e;
        }
        finally
        {
            former?.Dispose();
        }
    }

    public void Dispose() => watcher?.Dispose();

    private FileSystemWatcher Watch()
    {
        var next = new FileSystemWatcher(folder)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size
                | NotifyFilters.Attributes,
        };
        next.Created += (_, e) => Note(e.FullPath);
        next.Changed += (_, e) => Note(e.FullPath);
        next.Deleted += (_, e) => Note(e.FullPath);
        next.Renamed += (_, e) =>
        {
            Note(e.OldFullPath);
            Note(e.FullPath);
        };

        // More happened than the kernel's queue holds.
        next.Error += (_, _) => changes.MarkRescan();
        try
        {
            next.EnableRaisingEvents = true;
            return next;
        }
        catch
        {
            next.Dispose();
            throw;
        }
    }

    private void Note(string fullPath)
    {
        var path = Path.GetRelativePath(folder, fullPath);
        var name = Path.GetFileName(path);
        if (name.StartsWith("..", StringComparison.Ordinal))
        {
            // Where Kubernetes mounts a ConfigMap, all files change by one rename of the link "..data".
            changes.MarkAll();
        }
        else if (WatchedNames.IsSkipped(path) || WatchedNames.IsHidden(name))
        {
            return;
        }
        else if (WatchedNames.IsDocument(name))
        {
            changes.Mark(path);
        }
        else if (!File.Exists(fullPath))
        {
            // A folder, or something that is gone and may have been one.
            changes.MarkAll();
        }
    }
}
