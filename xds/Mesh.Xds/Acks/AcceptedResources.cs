// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mesh.Model;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Acks;

/// <summary>
/// What one proxy has accepted, per resource; immutable. Looking up one is cheap, however many there are; counting or listing them looks
/// at every one.
/// </summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "What it holds says more than how.")]
public sealed class AcceptedResources : IReadOnlyDictionary<ResourceKey, AcceptedResource>
{
    private readonly ImmutableArray<HeldView> views;
    private readonly ImmutableDictionary<ResourceKey, AcceptedResource?> noted;

    /// <param name="views">By type; may be empty.</param>
    /// <param name="noted">What differs from the views; null: the proxy has none.</param>
    internal AcceptedResources(ImmutableArray<HeldView> views, ImmutableDictionary<ResourceKey, AcceptedResource?> noted)
    {
        this.views = views;
        this.noted = noted;
    }

    public static AcceptedResources None { get; } = new([], ImmutableDictionary<ResourceKey, AcceptedResource?>.Empty);

    public static AcceptedResources Of(IEnumerable<EncodedResource> resources) => new([], resources.ToImmutableDictionary(
        static resource => resource.Key, static resource => (AcceptedResource?)new AcceptedResource(resource.Version, resource.Origins)));

    public IEnumerable<ResourceKey> Keys => Enumerate().Select(static pair => pair.Key);

    public IEnumerable<AcceptedResource> Values => Enumerate().Select(static pair => pair.Value);

    public int Count => Enumerate().Count();

    public AcceptedResource this[ResourceKey key] =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"{key} is not accepted.");

    public AcceptedResources With(ResourceKey key, AcceptedResource? value) => new(views, noted.SetItem(key, value));

    public bool ContainsKey(ResourceKey key) => TryGetValue(key, out _);

    public bool TryGetValue(ResourceKey key, [MaybeNullWhen(false)] out AcceptedResource value)
    {
        if (!noted.TryGetValue(key, out value) && !views.IsEmpty)
        {
            var view = views[(int)key.Type];
            value = view.Find(key.Name) is { } resource && !view.IsUnderWay(key.Name) ? new AcceptedResource(resource.Version, resource.Origins) : null;
        }

        return value is not null;
    }

    public IEnumerator<KeyValuePair<ResourceKey, AcceptedResource>> GetEnumerator() => Enumerate().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<KeyValuePair<ResourceKey, AcceptedResource>> Enumerate()
    {
        foreach (var (key, value) in noted)
        {
            if (value is not null)
            {
                yield return new(key, value);
            }
        }

        foreach (var view in views)
        {
            foreach (var resource in view.Covered.Where(resource => !noted.ContainsKey(resource.Key) && !view.IsUnderWay(resource.Key.Name)))
            {
                yield return new(resource.Key, new AcceptedResource(resource.Version, resource.Origins));
            }
        }
    }
}
