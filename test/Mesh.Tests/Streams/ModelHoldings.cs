// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Streams;

/// <summary>What the proxy of a property test has: it drops what it does not hear of for the TTL.</summary>
internal sealed class ModelHoldings(FakeTimeProvider time)
{
    private readonly Dictionary<ResourceKey, (ModelContent Content, DateTimeOffset Ends)> held = [];

    // Ended by their TTL since they were sent: of what is refused in its newest version the server may not know that.
    private readonly HashSet<ResourceKey> ended = [];

    public IEnumerable<(ResourceKey Key, ModelContent Content)> All => held.Select(static pair => (pair.Key, pair.Value.Content));

    public ModelContent? Find(ResourceKey key) => held.TryGetValue(key, out var item) ? item.Content : null;

    public bool HasEnded(ResourceKey key) => ended.Contains(key);

    public void Put(EncodedResource resource) => held[resource.Key] =
        (ModelContent.Of(resource), resource.Ttl is { } ttl ? time.GetUtcNow() + ttl.Time : DateTimeOffset.MaxValue);

    public void Remove(ResourceKey key) => held.Remove(key);

    public void RemoveAll(Func<ResourceKey, ModelContent, bool> isOut) =>
        held.Where(pair => isOut(pair.Key, pair.Value.Content)).Select(static pair => pair.Key).ToList().ForEach(Remove);

    /// <summary>Drops what has come to its end by now.</summary>
    public void End()
    {
        foreach (var key in held.Where(pair => pair.Value.Ends <= time.GetUtcNow()).Select(static pair => pair.Key).ToList())
        {
            held.Remove(key);
            ended.Add(key);
        }
    }
}
