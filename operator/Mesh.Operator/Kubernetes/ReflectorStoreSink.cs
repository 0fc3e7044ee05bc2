// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;

namespace Mesh.Operator.Kubernetes;

/// <summary>Objects of one kind into the store.</summary>
/// <param name="store">The store.</param>
/// <param name="tellsProblems">
/// Whether a bad object gets a status that says so: users' policies and routes do. What is wrong with an object of Kubernetes' own is only
/// logged, since its status is not ours.
/// </param>
/// <param name="log">Log.</param>
internal sealed class ReflectorStoreSink(ResourceStore store, bool tellsProblems, ILogger log) : IReflectorSink
{
    private HashSet<ObjectKey> known = [];

    public int Count => known.Count;

    public void Replace(IReadOnlyCollection<WatchedObject> objects)
    {
        var listed = objects.Where(IsNamed).Select(watched => watched.Key).ToHashSet();
        var gone = known.Where(key => !listed.Contains(key)).ToList();
        store.Batch(writes =>
        {
            foreach (var watched in objects.Where(IsNamed))
            {
                Write(writes, watched);
            }

            foreach (var key in gone)
            {
                Remove(writes, key);
            }
        });
        known = listed;
    }

    public void Apply(IReadOnlyCollection<WatchEvent> changes) => store.Batch(writes =>
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case WatchEvent.Changed { Object: var watched } when IsNamed(watched):
                    known.Add(watched.Key);
                    Write(writes, watched);
                    break;
                case WatchEvent.Deleted { Object: var watched }:
                    known.Remove(watched.Key);
                    Remove(writes, watched.Key);
                    break;
            }
        }
    });

    public void Deny()
    {
        // What is held stays: a role that was taken away says nothing about the objects.
    }

    private static bool IsNamed(WatchedObject watched) => watched.Key.Name.Length > 0;

    /// <summary>A bad version leaves the last good one in force.</summary>
    private void Write(IStoreWriter writes, WatchedObject watched)
    {
        if (watched.Entity is { } entity)
        {
            writes.Apply(entity);
        }

        if (tellsProblems)
        {
            writes.SetProblems(watched.Key, watched.Problems);
        }

        foreach (var problem in watched.Problems)
        {
            log.BadObject(watched.Key.ToString(), problem.Path, problem.Message);
        }
    }

    private void Remove(IStoreWriter writes, ObjectKey key)
    {
        writes.Delete(key);
        if (tellsProblems)
        {
            writes.SetProblems(key, []);
        }
    }
}
