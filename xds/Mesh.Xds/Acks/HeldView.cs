// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;

namespace Mesh.Xds.Acks;

/// <summary>
/// What a stream is known to have of one type without a note about each name: what it is subscribed to, as the table has it; where an open
/// response brings it, that is under way.
/// </summary>
/// <param name="Table">The newest table of which everything was sent.</param>
/// <param name="Names">Names subscribed to.</param>
/// <param name="IsWildcard">Whether what is for everybody is subscribed to, too.</param>
/// <param name="Open">Responses that wait for their answer.</param>
internal sealed record HeldView(ResourceTable Table, NameSet Names, bool IsWildcard, ImmutableArray<SentResponse> Open)
{
    public static HeldView Empty { get; } = new(ResourceTable.Empty, NameSet.Empty, IsWildcard: false, []);

    /// <summary>Covered resources, accepted or under way.</summary>
    public IEnumerable<EncodedResource> Covered => IsWildcard || Table.HasOtherNames
        ? Table.Ordered.Where(Covers)
        : Names.Select(Table.Find).OfType<EncodedResource>();

    public EncodedResource? Find(string name) => Table.Find(name) is { } resource && Covers(resource) ? resource : null;

    public bool IsUnderWay(string name)
    {
        foreach (var sent in Open)
        {
            if (sent.Find(name) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private bool Covers(EncodedResource resource) => (IsWildcard && !resource.OnDemand) || Names.Covers(resource);
}
