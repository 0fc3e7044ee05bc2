// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Sources.Files;

/// <summary>What has to be looked at.</summary>
/// <param name="Paths">Files that changed, relative to the folder.</param>
/// <param name="IsFull">Every file.</param>
/// <param name="IsRescan">The time for the regular full look has come.</param>
internal sealed record FolderChange(IReadOnlySet<string> Paths, bool IsFull, bool IsRescan);

/// <summary>Gathers what the watch and the timers tell until the one loop takes it. It is a set, so it cannot be overrun.</summary>
internal sealed class FolderChanges
{
    private readonly Lock gate = new();
    private HashSet<string> paths = new(StringComparer.Ordinal);
    private TaskCompletionSource signal = NewSignal();
    private bool isFull;
    private bool isRescan;
    private long count;

    /// <summary>Grows with every mark.</summary>
    public long Count
    {
        get
        {
            lock (gate)
            {
                return count;
            }
        }
    }

    public void Mark(string path) => Note(() => paths.Add(path));

    public void MarkAll() => Note(() => isFull = true);

    public void MarkRescan() => Note(() => isFull = isRescan = true);

    public Task WaitAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return signal.Task.WaitAsync(ct);
        }
    }

    public FolderChange Take()
    {
        lock (gate)
        {
            var taken = new FolderChange(paths, isFull, isRescan);
            paths = new HashSet<string>(StringComparer.Ordinal);
            (isFull, isRescan) = (false, false);
            signal = NewSignal();
            return taken;
        }
    }

    private void Note(Action note)
    {
        lock (gate)
        {
            note();
            count++;
            signal.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
