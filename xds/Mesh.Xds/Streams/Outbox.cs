// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Mesh.Model;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>Numbers the responses of a stream, cuts them to size, and remembers them until they are answered.</summary>
internal sealed class Outbox(long streamId, SessionLimits limits)
{
    // With the stream's number, so that an answer meant for an earlier stream is not taken for one of this.
    private readonly string noncePrefix = string.Create(CultureInfo.InvariantCulture, $"{streamId}.");
    private readonly ImmutableArray<SentResponse>[] unanswered = [.. ResourceTypes.PushOrder.Select(static _ => ImmutableArray<SentResponse>.Empty)];
    private List<EncodedResponse>? responses;
    private long lastBefore;

    public long LastSequence { get; private set; }

    public Revision Revision { get; set; }

    /// <summary>Number of the oldest unanswered response that holds resources; the largest number when there is none.</summary>
    public long OldestAddition
    {
        get
        {
            var oldest = long.MaxValue;
            foreach (var open in unanswered)
            {
                foreach (var sent in open)
                {
                    if (!sent.Resources.IsEmpty)
                    {
                        oldest = Math.Min(oldest, sent.Sequence);
                        break;
                    }
                }
            }

            return oldest;
        }
    }

    /// <summary>
    /// So many responses of the type wait for an answer that no more are sent before one comes: what a proxy that does not read costs is
    /// bounded, and when it reads again it gets the newest.
    /// </summary>
    public bool IsFull(ResourceType type) => IsTooMany(unanswered[(int)type].Length);

    public bool IsTooMany(int open) => open >= limits.Unanswered;

    /// <summary>Whether a response that was not taken yet brings the name.</summary>
    public bool IsSentNow(ResourceType type, string name)
    {
        var open = unanswered[(int)type];
        for (var at = open.Length - 1; at >= 0 && open[at].Sequence > lastBefore; at--)
        {
            if (open[at].Find(name) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Responses of this type that wait for an answer, oldest first.</summary>
    public ImmutableArray<SentResponse> Open(ResourceType type) => unanswered[(int)type];

    /// <summary>Sends resources of one type, sorted by name, in as few responses as their size allows.</summary>
    public IReadOnlyList<SentResponse> Send(ResourceType type, ImmutableArray<EncodedResource> resources, int generation)
    {
        var sent = new List<SentResponse>(1);
        var start = 0;
        var size = 0;
        for (var i = 0; i < resources.Length; i++)
        {
            if (i > start && size + resources[i].Wire.Length > limits.ResponseBytes)
            {
                sent.Add(Send(type, resources[start..i], [], generation));
                start = i;
                size = 0;
            }

            size += resources[i].Wire.Length;
        }

        if (start < resources.Length)
        {
            sent.Add(Send(type, start == 0 ? resources : resources[start..], [], generation));
        }

        return sent;
    }

    /// <summary>Tells that there is nothing of these names (any longer).</summary>
    public IEnumerable<SentResponse> SendRemoved(ResourceType type, IReadOnlyList<string> names)
    {
        var perResponse = Math.Max(1, limits.ResponseBytes / limits.NameLength);
        return names.Chunk(perResponse).Select(chunk => Send(type, [], [.. chunk], generation: 0));
    }

    /// <summary>Tells it by resources without body: so a proxy that waits for a virtual host learns that there is none.</summary>
    public IEnumerable<SentResponse> SendUnresolved(ResourceType type, IReadOnlyList<string> names)
    {
        foreach (var sent in SendRemoved(type, names))
        {
            // What is booked is the same; only how it is written differs.
            var told = responses![^1]; // Just added.
            responses[^1] = told with { Removed = [], Unresolved = told.Removed };
            yield return sent;
        }
    }

    /// <summary>Tells that these are still there, in responses that are not remembered here, for they bring nothing.</summary>
    public IReadOnlyList<SentHeartbeat> SendHeartbeats(ResourceType type, ImmutableArray<EncodedResource> resources)
    {
        var perResponse = Math.Max(1, limits.ResponseBytes / limits.NameLength);
        var sent = new List<SentHeartbeat>(1);
        foreach (var chunk in resources.Chunk(perResponse))
        {
            ImmutableArray<EncodedResource> part = [.. chunk];
            sent.Add(new SentHeartbeat(Add(type.TypeUrl(), part, [], ResponseForm.Heartbeat), part));
        }

        return sent;
    }

    /// <summary>Answers a wildcard to which nothing belongs: a proxy waits for its first answer.</summary>
    public void SendEmpty(ResourceType type) => Send(type, [], [], generation: 0);

    /// <summary>Answers for a type that is not served; not remembered, for there is nothing to book.</summary>
    public void SendUnserved(string typeUrl, IReadOnlyList<string> names) => Add(typeUrl, [], [.. names]);

    /// <summary>The unanswered response with this nonce; null for a stale or unknown one.</summary>
    public SentResponse? Find(string nonce, ResourceType type)
    {
        foreach (var sent in unanswered[(int)type])
        {
            if (string.Equals(sent.Nonce, nonce, StringComparison.Ordinal))
            {
                return sent;
            }
        }

        return null;
    }

    /// <summary>The response is answered.</summary>
    public void Close(SentResponse sent) => unanswered[(int)sent.Type] = unanswered[(int)sent.Type].Remove(sent);

    public IReadOnlyList<EncodedResponse> Take()
    {
        IReadOnlyList<EncodedResponse>? taken = responses;
        responses = null;
        lastBefore = LastSequence;
        return taken ?? [];
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
        unanswered[(int)type] = unanswered[(int)type].Add(sent);
        return sent;
    }

    private string Add(
        string typeUrl, ImmutableArray<EncodedResource> resources, ImmutableArray<string> removed, ResponseForm form = ResponseForm.Named)
    {
        LastSequence++;
        var nonce = string.Create(CultureInfo.InvariantCulture, $"{noncePrefix}{LastSequence}");
        responses ??= new List<EncodedResponse>(1);
        responses.Add(new EncodedResponse
        {
            TypeUrl = typeUrl,
            Version = Revision.ToString(),
            Nonce = nonce,
            Form = form,
            Resources = resources,
            Removed = removed,
        });
        return nonce;
    }
}
