// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Mesh.Operator.Kubernetes;

/// <summary>What the cluster has of one object, as far as it is ours.</summary>
/// <param name="Uid">Which object of this name.</param>
/// <param name="Generation">Its newest generation that we saw.</param>
/// <param name="Status">Our part; null when there is none.</param>
/// <param name="Written">When this leader wrote it; null when it did not.</param>
internal sealed record KnownStatus(string? Uid, long Generation, JsonObject? Status, DateTimeOffset? Written)
{
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

    /// <summary>Whether nothing is to be written; no status at all and one without anything of ours are the same.</summary>
    public bool Has(JsonObject next) => Status is null ? next["parents"] is JsonArray { Count: 0 } : JsonNode.DeepEquals(Status, next);
}
