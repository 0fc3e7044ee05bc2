// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Mesh.Model;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>Numbers the responses of a stream, cuts them to size, and remembers them until they are answered.</summary>
internal sealed class Outbox(long streamId, SessionLimits limits)
{
    private readonly Dictionary<string, SentResponse> unanswered = new(StringComparer.Ordinal);
    private readonly SortedSet<long> openAdditions = [];
    private List<EncodedResponse> responses = [];

    public long LastSequence { get; private set; }

    public Revision Revision { get; set; }

    public bool IsFull => unanswered.Count > limits.Unanswered;

    /// <summary>Number of the oldest unanswered response that holds resources; the largest number when there is none.</summary>
    public long OldestAddition => openAdditions.Count == 0 ? long.MaxValue : openAdditions.Min;

    /// <summary>Sends resources of one type in as few responses as their size allows.</summary>
    public List<SentResponse> Send(ResourceType type, IReadOnlyList<EncodedResource> resources, int generation)
    {
        var sent = new List<SentResponse>();
        var start = 0;
        var size = 0;
        for (var i = 0; i < resources.Count; i++)
        {
            if (i > start && size + resources[i].Wire.Length > limits.ResponseBytes)
            {
                sent.Add(Send(type, [.. resources.Skip(start).Take(i - start)], [], generation));
                start = i;
                size = 0;
            }

            size += resources[i].Wire.Length;
        }

        if (start < resources.Count)
        {
            sent.Add(Send(type, [.. resources.Skip(start)], [], generation));
        }

        return sent;
    }

    /// <summary>Tells that there is nothing of these names (any longer).</summary>
    public List<SentResponse> SendRemoved(ResourceType type, IReadOnlyList<string> names)
    {
        var perResponse = Math.Max(1, limits.ResponseBytes / limits.NameLength);
        return [.. names.Chunk(perResponse).Select(chunk => Send(type, [], [.. chunk], generation: 0))];
    }

    /// <summary>Answers a wildcard to which nothing belongs: a proxy waits for its first answer.</summary>
    public void SendEmpty(ResourceType type) => Send(type, [], [], generation: 0);

    /// <summary>Answers for a type that is not served; not remembered, for there is nothing to book.</summary>
    public void SendUnserved(string typeUrl, IReadOnlyList<string> names) => Add(typeUrl, [], [.. names]);

    /// <summary>The unanswered response with this nonce, which is now answered; null for a stale or unknown one.</summary>
    public SentResponse? Answer(string nonce, ResourceType type)
    {
        if (!unanswered.TryGetValue(nonce, out var sent) || sent.Type != type)
        {
            return null;
        }

        Forget(sent);
        return sent;
    }

    /// <summary>Forgets the names of unanswered responses that <paramref name="drops"/> says nobody waits for.</summary>
    public void Compact(Func<SentResponse, string, bool> drops)
    {
        foreach (var sent in unanswered.Values.ToArray())
        {
            var left = sent.Without(name => drops(sent, name));
            if (left.Resources.IsEmpty && left.Removed.IsEmpty)
            {
                Forget(sent);
            }
            else
            {
                unanswered[sent.Nonce] = left;
            }
        }
    }

    public IReadOnlyList<EncodedResponse> Take()
    {
        var taken = responses;
        responses = [];
        return taken;
    }

    private SentResponse Send(ResourceType type, ImmutableArray<EncodedResource> resources, ImmutableArray<string> removed, int generation)
    {
        var nonce = Add(type.TypeUrl(), resources, removed);
        var sent = new SentResponse
        {
            Type = type,
            Sequence = LastSequence,
            Nonce = nonce,
            Resources = resources,
            Removed = removed,
            OriginalCount = resources.Length,
            Generation = generation,
        };
        unanswered.Add(nonce, sent);
        if (!resources.IsEmpty)
        {
            openAdditions.Add(sent.Sequence);
        }

        return sent;
    }

    private string Add(string typeUrl, ImmutableArray<EncodedResource> resources, ImmutableArray<string> removed)
    {
        LastSequence++;

        // With the stream's number, so that an answer meant for an earlier stream is not taken for one of this.
        var nonce = string.Create(CultureInfo.InvariantCulture, $"{streamId}.{LastSequence}");
        responses.Add(new EncodedResponse { TypeUrl = typeUrl, Version = Revision.ToString(), Nonce = nonce, Resources = resources, Removed = removed });
        return nonce;
    }

    private void Forget(SentResponse sent)
    {
        unanswered.Remove(sent.Nonce);
        openAdditions.Remove(sent.Sequence);
    }
}
