// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// When the proxy of one stream is to hear again of the resources of one type that have a TTL and that it holds: after half of it, so that
/// one lost moment costs nothing.
/// </summary>
internal sealed class BeatSchedule(TimeProvider time)
{
    private const double PartOfTtl = 0.5;

    // What is due within this part of its pause goes along: resources of one TTL come to beat as one.
    private const double Early = 0.25;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    // A timer cannot wait for months.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly long start = time.GetTimestamp();
    private readonly SortedDictionary<string, Beat> beats = new(StringComparer.Ordinal);

    public bool IsEmpty => beats.Count == 0;

    /// <summary>What has to be looked at: the names here, and those of the table that have a TTL.</summary>
    public IReadOnlyCollection<string> NamesWith(ResourceTable? table) =>
        [.. (table?.Expiring ?? []).Select(static resource => resource.Key.Name).Concat(beats.Keys).Distinct(StringComparer.Ordinal)];

    /// <summary>How long nothing is due; null: for ever.</summary>
    public TimeSpan? Wait
    {
        get
        {
            if (beats.Count == 0)
            {
                return null;
            }

            var wait = beats.Values.Min(static beat => beat.Due) - Now;
            return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
        }
    }

    private TimeSpan Now => time.GetElapsedTime(start);

    /// <summary>The proxy hears of it now.</summary>
    public void Sent(EncodedResource resource)
    {
        if (resource.Ttl is { } ttl)
        {
            beats[resource.Key.Name] = new Beat(resource, Now + PauseOf(ttl));
        }
        else
        {
            beats.Remove(resource.Key.Name);
        }
    }

    /// <summary>What the proxy holds of the name; null: nothing. Where that is news it is due at once: nobody knows when it heard of it.</summary>
    public void Holds(string name, EncodedResource? resource)
    {
        if (resource?.Ttl is null)
        {
            beats.Remove(name);
        }
        else if (!beats.TryGetValue(name, out var beat) || beat.Resource.Version != resource.Version)
        {
            beats[name] = new Beat(resource, Now);
        }
    }

    /// <summary>Takes what is due, and what soon will be, sorted by name; the next time is reckoned from now.</summary>
    public ImmutableArray<EncodedResource> TakeDue()
    {
        var now = Now;
        if (!beats.Values.Any(beat => beat.Due <= now))
        {
            return [];
        }

        var due = beats.Values
            .Where(beat => beat.Due - (PauseOf(beat.Resource.Ttl!) * Early) <= now) // A beat has one.
            .Select(static beat => beat.Resource)
            .ToImmutableArray();
        foreach (var resource in due)
        {
            Sent(resource);
        }

        return due;
    }

    private static TimeSpan PauseOf(ResourceTtl ttl)
    {
        var pause = ttl.Time * PartOfTtl;
        return pause < ShortestPause ? ShortestPause : pause;
    }

    private readonly record struct Beat(EncodedResource Resource, TimeSpan Due);
}
