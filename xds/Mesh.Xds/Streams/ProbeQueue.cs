// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// Parts of refused responses that are sent again one at a time, to find which of them is refused: a proxy that refuses everything gets a
/// few messages and not a tree of them.
/// </summary>
internal sealed class ProbeQueue
{
    private readonly Queue<Probe> probes = [];
    private long waitsFor;

    /// <summary>All that waits.</summary>
    public IEnumerable<EncodedResource> Resources => probes.SelectMany(static probe => probe.Resources);

    public bool IsEmpty => probes.Count == 0;

    /// <summary>The next part may be sent without evidence that the proxy accepts anything at all.</summary>
    public bool IsAllowed { get; set; }

    public void Add(Probe probe)
    {
        if (!probe.Resources.IsEmpty)
        {
            probes.Enqueue(probe);
        }
    }

    /// <summary>The next part, unless the one before is still open.</summary>
    public Probe? Next(ImmutableArray<SentResponse> open) =>
        probes.Count > 0 && !open.Any(sent => sent.Sequence == waitsFor) ? probes.Dequeue() : null;

    /// <summary>The next part has to wait for the answer to this.</summary>
    public void WaitFor(long sequence) => waitsFor = sequence;

    public IReadOnlyList<EncodedResource> TakeAll()
    {
        EncodedResource[] all = [.. Resources];
        probes.Clear();
        return all;
    }
}

/// <param name="Resources">What is tried, sorted by name.</param>
/// <param name="Generation">How often they were sent before.</param>
/// <param name="Sequence">Number of the refused response.</param>
internal sealed record Probe(ImmutableArray<EncodedResource> Resources, int Generation, long Sequence);
