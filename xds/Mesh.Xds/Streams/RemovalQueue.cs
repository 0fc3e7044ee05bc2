// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Streams;

/// <summary>
/// Removals that wait until the additions sent before them are answered: make before break, without a timer.
/// </summary>
internal sealed class RemovalQueue
{
    // What names something goes before what is named. An assignment and a route configuration in use cannot be removed at all
    // (Envoy acknowledges and ignores it), so assignments come after their clusters.
    private static readonly ResourceType[] Order =
    [
        ResourceType.Listener,
        ResourceType.ScopedRoute,
        ResourceType.Route,
        ResourceType.VirtualHost,
        ResourceType.Extension,
        ResourceType.Cluster,
        ResourceType.Endpoint,
        ResourceType.Secret,
        ResourceType.Runtime,
    ];

    private readonly Dictionary<ResourceKey, long> barriers = [];

    /// <summary>Queues removals behind the responses up to this number; those queued already keep their place.</summary>
    public void Add(ResourceType type, IEnumerable<string> names, long lastSequence)
    {
        foreach (var name in names)
        {
            barriers.TryAdd(new ResourceKey(type, name), lastSequence);
        }
    }

    /// <summary>Additions had to be sent again: all that is queued waits for them as well.</summary>
    public void Defer(long lastSequence)
    {
        foreach (var key in barriers.Keys.ToArray())
        {
            barriers[key] = lastSequence;
        }
    }

    /// <summary>Sends the removals that are free to go.</summary>
    /// <param name="types">Indexed by type.</param>
    /// <param name="oldestAddition">Number of the oldest unanswered response that adds something.</param>
    public void Send(IReadOnlyList<TypeSession> types, long oldestAddition)
    {
        if (barriers.Count == 0 || types.Any(static session => session.Answers.IsProbing))
        {
            return;
        }

        foreach (var type in Order)
        {
            if ((int)type >= types.Count)
            {
                continue;
            }

            var session = types[(int)type];
            if (session.IsFull)
            {
                continue;
            }

            var free = barriers.Where(pair => pair.Key.Type == type && pair.Value < oldestAddition).Select(pair => pair.Key).ToList();
            var done = free.Where(key => !session.IsToRemove(key.Name)).ToList();
            done.ForEach(key => barriers.Remove(key));
            var ready = free.Except(done).ToList();
            if (ready.Count == 0)
            {
                continue;
            }

            // What a proxy still holds because it refused the newer version keeps what it names, and so does what it holds of the newest.
            var referenced = types.SelectMany(static other => other.Held.References()).ToHashSet();
            ready.RemoveAll(key => referenced.Contains(key) || types.Any(other => other.Held.Table?.References.Contains(key) == true));
            ready.ForEach(key => barriers.Remove(key));
            session.Remove([.. ready.Select(static key => key.Name).Order(StringComparer.Ordinal)]);
        }
    }
}
