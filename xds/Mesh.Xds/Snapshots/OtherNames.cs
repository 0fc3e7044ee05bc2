// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.Xds.Snapshots;

/// <summary>Which resources of a table are meant by names that are not their own. Immutable; empty where all resources have one name.</summary>
internal sealed class OtherNames
{
    private static readonly ImmutableSortedSet<string> Nobody = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    private readonly ImmutableDictionary<string, ImmutableSortedSet<string>> members;

    private OtherNames(ImmutableDictionary<string, ImmutableSortedSet<string>> members) => this.members = members;

    public static OtherNames None { get; } = new(ImmutableDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal));

    public bool IsEmpty => members.IsEmpty;

    public ImmutableSortedSet<string> Members(string otherName) => members.GetValueOrDefault(otherName, Nobody);

    public OtherNames With(EncodedResource resource) => resource.OtherNames.IsEmpty
        ? this
        : new OtherNames(members.SetItems(resource.OtherNames.Select(other => KeyValuePair.Create(other, Members(other).Add(resource.Key.Name)))));

    public OtherNames Without(EncodedResource? resource)
    {
        if (resource is null || resource.OtherNames.IsEmpty)
        {
            return this;
        }

        var left = members;
        foreach (var other in resource.OtherNames)
        {
            var rest = Members(other).Remove(resource.Key.Name);
            left = rest.IsEmpty ? left.Remove(other) : left.SetItem(other, rest);
        }

        return left.IsEmpty ? None : new OtherNames(left);
    }
}
