// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What the proxy of a state-of-the-world stream has accepted of one type, and the hash over all of it.</summary>
internal sealed class SotwHoldings
{
    private readonly Dictionary<string, EncodedResource> accepted = new(StringComparer.Ordinal);

    /// <summary>A sum, so that a change costs what changed; each summand is the hash of a resource with its name.</summary>
    public UInt128 Version { get; private set; }

    public IReadOnlyCollection<string> Names => accepted.Keys;

    public EncodedResource? Find(string name) => accepted.GetValueOrDefault(name);

    public void Put(EncodedResource resource)
    {
        Version += resource.Hash - (Find(resource.Key.Name)?.Hash ?? 0);
        accepted[resource.Key.Name] = resource;
    }

    public bool Remove(string name)
    {
        if (!accepted.Remove(name, out var old))
        {
            return false;
        }

        Version -= old.Hash;
        return true;
    }

    /// <summary>The version once <paramref name="fresh"/> is accepted, too.</summary>
    public UInt128 VersionWith(IEnumerable<EncodedResource> fresh) =>
        fresh.Aggregate(Version, (sum, resource) => sum + resource.Hash - (Find(resource.Key.Name)?.Hash ?? 0));

    /// <summary>Everything, with <paramref name="fresh"/> in place of older versions.</summary>
    public ImmutableArray<EncodedResource> With(IReadOnlyCollection<EncodedResource> fresh)
    {
        var replaced = fresh.Select(static resource => resource.Key.Name).ToHashSet(StringComparer.Ordinal);
        return [.. accepted.Values.Where(resource => !replaced.Contains(resource.Key.Name)), .. fresh];
    }
}
