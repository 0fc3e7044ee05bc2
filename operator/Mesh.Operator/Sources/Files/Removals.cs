// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Sources.Files;

/// <summary>
/// Holds back edits that take objects away until they are seen again after a moment: an editor may be about to write the file anew.
/// </summary>
internal sealed class Removals(TimeProvider time, TimeSpan confirmation)
{
    private readonly Dictionary<string, (UInt128? Hash, long Since)> held = new(StringComparer.Ordinal);

    public bool IsEmpty => held.Count == 0;

    public bool Holds(string path) => held.ContainsKey(path);

    /// <summary>The update without the edits that have to wait.</summary>
    public FileIndexUpdate Confirm(FileIndex index, Dictionary<string, ParsedFile?> edits)
    {
        Forget(edits);
        var update = index.Apply(edits);
        if (update.Deleted.IsEmpty)
        {
            return update;
        }

        var waiting = edits.Where(edit => IsWaiting(index, edit, update)).Select(edit => edit.Key).ToList();
        foreach (var path in waiting)
        {
            edits.Remove(path);
        }

        return waiting.Count == 0 ? update : index.Apply(edits);
    }

    private bool IsWaiting(FileIndex index, KeyValuePair<string, ParsedFile?> edit, FileIndexUpdate update)
    {
        var (path, file) = edit;
        if (!index.Files.TryGetValue(path, out var before) || !update.Deleted.Any(before.Documents.ContainsKey))
        {
            return false;
        }

        if (!held.TryGetValue(path, out var first) || first.Hash != file?.Hash)
        {
            held[path] = (file?.Hash, time.GetTimestamp());
            return true;
        }

        if (time.GetElapsedTime(first.Since) < confirmation)
        {
            return true;
        }

        held.Remove(path);
        return false;
    }

    // What is no edit any more has come back as it was.
    private void Forget(Dictionary<string, ParsedFile?> edits)
    {
        foreach (var path in held.Keys.Where(path => !edits.ContainsKey(path)).ToList())
        {
            held.Remove(path);
        }
    }
}
