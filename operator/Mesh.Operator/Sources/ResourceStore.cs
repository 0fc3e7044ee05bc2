// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Model;

namespace Mesh.Operator.Sources;

/// <summary>What was written since the last time, and the state that it led to.</summary>
/// <param name="Resources">The newest state.</param>
/// <param name="Changed">
/// Keys of all objects written since the previous <see cref="ResourceStore.Take"/>. Whoever follows a state from the one before looks at nothing
/// else: were one missing, the mesh would stay as it was for that object. One too many costs time alone.
/// </param>
public sealed record StoreChange(ResourceSet Resources, IReadOnlySet<ObjectKey> Changed);

/// <summary>
/// The newest version of each watched object. Sources write, one loop takes; readers get immutable values. Content that is equal but for
/// status, managedFields and resourceVersion is no change: it keeps the revision and wakes nobody.
/// </summary>
public sealed class ResourceStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectKey, UInt128> digests = [];
    private HashSet<ObjectKey> changed = [];
    private TaskCompletionSource signal = NewSignal();
    private volatile ResourceSet current = ResourceSet.Empty;

    public ResourceSet Current => current;

    /// <summary>Objects written since the last <see cref="Take"/>: the queue before the stages.</summary>
    public int PendingChanges
    {
        get
        {
            lock (gate)
            {
                return changed.Count;
            }
        }
    }

    /// <summary>Adds the object, or puts it in the place of its earlier version.</summary>
    public void Apply(IKubernetesObject<V1ObjectMeta> obj) => Batch(writes => writes.Apply(obj));

    /// <summary>Removes the object; its problems stay until they are set to none.</summary>
    public void Delete(ObjectKey key) => Batch(writes => writes.Delete(key));

    /// <summary>Tells what is wrong with the newest version of an object; none clears.</summary>
    public void SetProblems(ObjectKey key, EquatableArray<SourceProblem> problems) => Batch(writes => writes.SetProblems(key, problems));

    /// <summary>Several writes that readers see at once, as one revision. They are gathered first: nobody waits while they are made.</summary>
    public void Batch(Action<IStoreWriter> writes)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var gathered = new GatheredWrites();
        writes(gathered);
        lock (gate)
        {
            Commit(gathered.Writes);
        }
    }

    /// <summary>The newest state with the keys written since the last call; from now on only later writes wake.</summary>
    public StoreChange Take()
    {
        lock (gate)
        {
            var taken = changed;
            changed = [];
            if (signal.Task.IsCompleted)
            {
                signal = NewSignal();
            }

            return new StoreChange(current, taken);
        }
    }

    /// <summary>Completes when something was written that was not taken yet.</summary>
    public Task WaitForChangeAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return signal.Task.WaitAsync(ct);
        }
    }

    private void Commit(List<StoreWrite> writes)
    {
        var next = new ResourceSetEditor(current);
        var written = new HashSet<ObjectKey>();
        foreach (var write in writes)
        {
            if (TryWrite(next, write))
            {
                written.Add(write.Key);
            }
        }

        if (written.Count == 0)
        {
            return;
        }

        current = next.Build(current.Revision.Next());
        changed.UnionWith(written);
        signal.TrySetResult();
    }

    private bool TryWrite(ResourceSetEditor next, StoreWrite write)
    {
        switch (write)
        {
            case StoreWrite.Applied applied:
                if (digests.TryGetValue(applied.Key, out var known) && known == applied.Digest)
                {
                    return false;
                }

                digests[applied.Key] = applied.Digest;
                next.Set(applied.Key, applied.Object);
                return true;
            case StoreWrite.Deleted deleted:
                digests.Remove(deleted.Key);
                return next.Remove(deleted.Key);
            case StoreWrite.Judged judged:
                return next.SetProblems(judged.Key, judged.Problems);
            default:
                throw new InvalidOperationException($"{write.GetType().Name} is no write of the store.");
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class GatheredWrites : IStoreWriter
    {
        public List<StoreWrite> Writes { get; } = [];

        public void Apply(IKubernetesObject<V1ObjectMeta> obj)
        {
            ArgumentNullException.ThrowIfNull(obj);
            Writes.Add(new StoreWrite.Applied(ObjectKeys.Of(obj), obj, ObjectContent.Digest(obj)));
        }

        public void Delete(ObjectKey key) => Writes.Add(new StoreWrite.Deleted(key));

        public void SetProblems(ObjectKey key, EquatableArray<SourceProblem> problems) => Writes.Add(new StoreWrite.Judged(key, problems));
    }

    private abstract record StoreWrite(ObjectKey Key)
    {
        public sealed record Applied(ObjectKey Key, IKubernetesObject<V1ObjectMeta> Object, UInt128 Digest) : StoreWrite(Key);

        public sealed record Deleted(ObjectKey Key) : StoreWrite(Key);

        public sealed record Judged(ObjectKey Key, EquatableArray<SourceProblem> Problems) : StoreWrite(Key);
    }
}
