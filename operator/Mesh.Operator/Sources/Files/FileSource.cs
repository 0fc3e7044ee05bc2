// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Sources.Files;

/// <summary>
/// File mode's source: the YAML and JSON documents below a folder, read again when they change. A shell around <see cref="FileIndex"/>.
/// Folders behind links are read too, but the kernel tells nothing of them: there the regular look has to do.
/// </summary>
public sealed class FileSource(FileSourceOptions options, TimeProvider time, ILogger<FileSource> log) : IResourceSource
{
    private readonly string folder = Path.GetFullPath(options.Folder);
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FolderChanges changes = new();
    private readonly Removals removals = new(time, options.Confirmation);
    private FileIndex index = FileIndex.Empty;
    private bool isWatched = true;

    public Task Synced => synced.Task;

    /// <summary>Reads a folder once.</summary>
    public static ResourceSet ReadOnce(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new FolderMissingException(folder);
        }

        var store = new ResourceStore();
        var update = FileIndex.Empty.Apply(FolderReading.Read(Path.GetFullPath(folder), FileIndex.Empty, static _ => true));
        store.Batch(update.WriteTo);
        return store.Current;
    }

    public async Task RunAsync(ResourceStore store, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(store);
        await Task.Yield();
        if (!Directory.Exists(folder))
        {
            throw new FolderMissingException(folder);
        }

        using var watch = new FolderWatch(folder, changes);
        await using var rescan = time.CreateTimer(_ => changes.MarkRescan(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var confirm = time.CreateTimer(_ => changes.Mark(""), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        changes.MarkRescan();
        try
        {
            while (true)
            {
                await changes.WaitAsync(ct);
                if (synced.Task.IsCompleted)
                {
                    await SettleAsync(ct);
                }

                var change = changes.Take();
                if (change.IsRescan)
                {
                    Watch(watch, rescan);
                }

                Read(store, change);
                if (!removals.IsEmpty)
                {
                    confirm.Change(options.Confirmation, Timeout.InfiniteTimeSpan);
                }

                synced.TrySetResult();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    // The watch is laid anew with every regular look: the folder may have been moved away and another put in its place.
    private void Watch(FolderWatch watch, ITimer rescan)
    {
        var failure = watch.Arm();
        var next = failure is null ? options.Rescan : options.RescanUnwatched;
        if (failure is not null && isWatched)
        {
            log.NotWatched(failure, folder, next.TotalSeconds);
        }

        isWatched = failure is null;
        rescan.Change(next, Timeout.InfiniteTimeSpan);
    }

    private async Task SettleAsync(CancellationToken ct)
    {
        var start = time.GetTimestamp();
        long before;
        do
        {
            before = changes.Count;
            await Task.Delay(options.Quiet, time, ct);
        }
        while (changes.Count != before && time.GetElapsedTime(start) < options.LongestBurst);
    }

    private void Read(ResourceStore store, FolderChange change)
    {
        var edits = FolderReading.Read(folder, index, path => change.IsFull || change.Paths.Contains(path) || removals.Holds(path));
        var update = removals.Confirm(index, edits);
        index = update.Next;
        store.Batch(update.WriteTo);
        Report(update, edits.Count);
    }

    private void Report(FileIndexUpdate update, int edits)
    {
        if (!synced.Task.IsCompleted)
        {
            log.FolderRead(folder, index.Files.Count, index.Objects.Count, index.Ignored);
        }
        else if (edits > 0)
        {
            log.FilesChanged(update.Applied.Length, update.Deleted.Length);
        }

        foreach (var (key, problems) in update.Judged)
        {
            foreach (var problem in problems)
            {
                log.ProblemFound(problem.File, problem.Line, key.ToString(), problem.Path, problem.Message);
            }
        }
    }
}
