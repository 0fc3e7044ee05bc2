// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Operator.Status;

namespace Mesh.Operator.Kubernetes;

/// <summary>What the cluster has of one object, as far as it is ours.</summary>
/// <param name="Uid">Which object of this name.</param>
/// <param name="Generation">Its newest generation that we saw.</param>
/// <param name="Status">Our part; null when there is none.</param>
/// <param name="Written">When this leader wrote it; null when it did not.</param>
internal sealed record KnownStatus(string? Uid, long Generation, JsonObject? Status, DateTimeOffset? Written)
{
    /// <summary>What stood there before somebody else's words came into its place; null while ours stand.</summary>
    public JsonObject? Lost { get; init; }

    /// <summary>What the server made of our words where that is not the same: an older CRD prunes what it does not know.</summary>
    public JsonObject? Stored { get; init; }

    /// <summary>What was sent and not answered: it may have arrived, or arrive yet.</summary>
    public JsonObject? Sent { get; init; }

    /// <summary>How often in succession ours had to be put in again.</summary>
    public int Restored { get; init; }

    /// <summary>Somebody else may have written since: it is read again before anything is concluded from it.</summary>
    public bool IsDoubted { get; init; }

    /// <summary>Ours, also where it is lost: what times of conditions are kept from, and what patience is about.</summary>
    public JsonObject? Base => Lost ?? Status;

    public static KnownStatus Of(StatusKind kind, JsonObject item) => new(
        (string?)item["metadata"]?["uid"],
        (long?)item["metadata"]?["generation"] ?? 0,
        kind.Shape switch
        {
            StatusShape.Policy => PolicyBody.Own(item["status"] as JsonObject),
            StatusShape.Route => RouteBody.Own(item),
            StatusShape.Node => MeshNodeBody.Own(item["status"] as JsonObject),
        },
        Written: null);

    /// <summary>A name may have passed on to another object.</summary>
    public bool IsOfAnother(StatusDocument document) => document.Status.Uid is { } uid && Uid is not null && uid != Uid;

    /// <summary>Whether nothing is to be written; no status at all and one without anything of ours are the same.</summary>
    public bool Has(JsonObject next) => AreSame(Status, next);

    /// <summary>Whether what is seen in the cluster is what we believe to be there.</summary>
    public bool Agrees(KnownStatus seen) => Uid == seen.Uid && AreSame(Stored ?? Status, seen.Status);

    /// <summary>What is read of the object, in the light of what was known: where it is not what was left there, somebody else wrote.</summary>
    public KnownStatus Read(KnownStatus found) =>
        found.Uid != Uid ? found
        : Agrees(found) ? this with { Generation = found.Generation, IsDoubted = false }
        : Sent is not null && AreSame(Sent, found.Status) ? found with { Written = Written, Restored = Restored }
        : found with { Lost = AreSame(Base, found.Status) ? null : Base, Sent = Sent, Written = Written, Restored = Restored };

    /// <summary>When there is nothing to write: what stood there before is not missed any more.</summary>
    public KnownStatus AtRest() => Lost is null ? this : this with { Lost = null };

    /// <summary>After a watch told of the object. It may tell late: what it says is a reason to read, not to believe.</summary>
    public KnownStatus Saw(KnownStatus seen) =>
        this with { IsDoubted = !Agrees(seen), Generation = Uid == seen.Uid ? Math.Max(Generation, seen.Generation) : Generation };

    /// <summary>Whether what should be there is what was lost.</summary>
    public bool HasLost(JsonObject next) => Lost is not null && AreSame(Lost, next);

    /// <summary>After our write.</summary>
    /// <param name="own">What was sent.</param>
    /// <param name="answer">What the server has now.</param>
    /// <param name="now">The time.</param>
    /// <param name="restored">How often in succession it was put in again.</param>
    public KnownStatus Wrote(JsonObject own, KnownStatus answer, DateTimeOffset now, int restored) => new(Uid, Generation, own, now)
    {
        Stored = AreSame(own, answer.Status) ? null : answer.Status,
        Restored = restored,
    };

    private static bool AreSame(JsonObject? left, JsonObject? right) => IsNothing(left) ? IsNothing(right) : JsonNode.DeepEquals(left, right);

    private static bool IsNothing(JsonObject? status) => status is null || (status.Count == 1 && status["parents"] is JsonArray { Count: 0 });
}
