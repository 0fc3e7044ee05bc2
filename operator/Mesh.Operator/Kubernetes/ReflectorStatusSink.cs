// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Tells the writer what is seen of statuses, beside what else is made of their kind: where ours were written over, by a leader before whose
/// write was long on its way or by anybody else, they are put in again.
/// </summary>
/// <param name="kind">The kind.</param>
/// <param name="inner">Where the objects go; null for a kind of which only statuses are looked at.</param>
/// <param name="queue">The writer's.</param>
/// <param name="options">How long reports are waited for.</param>
internal sealed class ReflectorStatusSink(StatusKind kind, IReflectorSink? inner, StatusQueue queue, StatusWriteOptions options) : IReflectorSink
{
    private HashSet<ObjectKey> known = [];

    public int Count => inner?.Count ?? known.Count;

    public void Replace(IReadOnlyCollection<WatchedObject> objects)
    {
        // First the objects themselves: a report of one that is new is on its way when its status is looked at.
        inner?.Replace(objects);
        var listed = objects.Select(static watched => watched.Key).ToHashSet();
        queue.See([.. objects.Select(Changed).OfType<StatusSeen>(), .. known.Where(key => !listed.Contains(key)).Select(Deleted).OfType<StatusSeen>()]);
        known = listed;
    }

    public void Apply(IReadOnlyCollection<WatchEvent> changes)
    {
        inner?.Apply(changes);
        queue.See([.. changes.Select(Seen).OfType<StatusSeen>()]);
    }

    public void Deny() => inner?.Deny();

    private StatusSeen? Seen(WatchEvent change)
    {
        switch (change)
        {
            case WatchEvent.Changed { Object: var watched }:
                known.Add(watched.Key);
                return Changed(watched);
            case WatchEvent.Deleted { Object.Key: var key }:
                known.Remove(key);
                return Deleted(key);
            default:
                return null;
        }
    }

    private StatusSeen? Changed(WatchedObject watched) => watched is { Status: { } status, Key.Name.Length: > 0 }
        ? new StatusSeen(watched.Key, status, StatusPatience.Unreported(kind, status, options))
        : null;

    /// <summary>What becomes of a user's object that is gone a report says; a node's is ours, and made anew.</summary>
    private StatusSeen? Deleted(ObjectKey key) => kind.Shape == StatusShape.Node ? new StatusSeen(key, Status: null, Unreported: null) : null;
}
