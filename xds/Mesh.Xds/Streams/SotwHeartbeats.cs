// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// Keeps resources with a TTL alive at the proxy of a state-of-the-world stream, for one type. In this variant they are sent again as a
/// whole: the pinned Envoy lets a resource end in spite of heartbeats without it, and what they leave out of a response of a whole type
/// is gone.
/// </summary>
internal sealed class SotwHeartbeats(SotwHoldings held, TimeProvider time)
{
    private readonly BeatSchedule schedule = new(time);

    public bool IsIdle => schedule.IsEmpty;

    /// <summary>How long nothing is due; null: until the open response is answered, or for ever.</summary>
    public TimeSpan? Wait => held.Open is null ? schedule.Wait : null;

    /// <summary>What is due, sorted by name, and has to be sent with the response that follows.</summary>
    public ImmutableArray<EncodedResource> TakeDue() =>
        schedule.TakeDue().RemoveAll(resource => held.Find(resource.Key.Name)?.Version != resource.Version);

    /// <summary>The resources of a response.</summary>
    public void Sent(ImmutableArray<EncodedResource> resources)
    {
        foreach (var resource in resources.Where(static resource => resource.Ttl is not null))
        {
            schedule.Sent(resource);
        }
    }

    /// <summary>Looks at what the proxy holds, where that is known: while a response is open it is not.</summary>
    public void Follow()
    {
        if (held.Open is not null)
        {
            return;
        }

        foreach (var name in schedule.NamesWith(held.Table))
        {
            schedule.Holds(name, held.Find(name));
        }
    }
}
