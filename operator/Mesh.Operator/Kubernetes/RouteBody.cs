// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Status;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// The status of a Gateway API route; pure. Its <c>parents</c> are one list of all controllers, and whoever applies it applies all of it: so what
/// others wrote is put in again as it was read.
/// </summary>
internal static class RouteBody
{
    /// <summary>The limit of Gateway API's schema.</summary>
    private const int MostParents = 32;

    /// <summary>Our entries as they should be.</summary>
    /// <param name="document">Null when no parent is ours any more.</param>
    /// <param name="route">The route as the cluster has it.</param>
    /// <param name="now">The time.</param>
    public static JsonObject Of(StatusDocument? document, JsonObject route, DateTime now)
    {
        var existing = OwnParents(route);
        return new JsonObject
        {
            ["parents"] = new JsonArray([.. Scopes(document, route).Select(scope => Parent(document!, scope, existing, now))]), // Scopes of a document.
        };
    }

    /// <summary>Our entries as the cluster has them; null when there is no status at all.</summary>
    public static JsonObject? Own(JsonObject route) =>
        route["status"] is JsonObject { Count: > 0 } ? new JsonObject { ["parents"] = new JsonArray([.. OwnParents(route).Select(Sorted)]) } : null;

    /// <summary>The route as if our entries in it were these.</summary>
    public static JsonObject With(JsonObject route, JsonObject? own) => new()
    {
        ["spec"] = route["spec"]?.DeepClone(),
        ["status"] = own?.DeepClone(),
    };

    /// <summary>The whole list: theirs as they were read, then ours.</summary>
    public static JsonObject Merge(JsonObject own, JsonObject route)
    {
        var others = Parents(route).Where(parent => !IsOurs(parent)).Select(parent => parent.DeepClone()).Take(MostParents).ToList();
        var ours = own["parents"]!.AsArray().Select(parent => parent?.DeepClone()).Take(MostParents - others.Count); // Of makes it so.
        return new JsonObject { ["parents"] = new JsonArray([.. others, .. ours]) };
    }

    private static JsonObject Parent(StatusDocument document, ScopeStatus scope, List<JsonObject> existing, DateTime now)
    {
        var reference = JsonSerializer.SerializeToNode(scope.Parent, StatusYaml.Options);
        var before = existing.Find(parent => JsonNode.DeepEquals(parent["parentRef"], reference));
        var stamped = document.Route?.Parents?.FirstOrDefault(parent => Equals(parent.ParentRef, scope.Parent))?.Conditions ?? document.Policy?.Conditions;
        return new JsonObject
        {
            ["conditions"] = StatusJson.Conditions(
                StatusJson.Timed(scope, stamped, now), document.Status.Generation, before?["conditions"] as JsonArray),
            ["controllerName"] = ApiGroup.ControllerName,
            ["parentRef"] = reference,
        };
    }

    /// <summary>A route without any good version has one verdict for all its parents, which only the route itself names.</summary>
    private static IEnumerable<ScopeStatus> Scopes(StatusDocument? document, JsonObject route)
    {
        if (document is null)
        {
            return [];
        }

        return document.Status.Scopes is [{ Parent: null } verdict]
            ? (route["spec"]?["parentRefs"] as JsonArray ?? [])
                .Select(Reference)
                .OfType<ParentReference>()
                .Where(ParentsBuilder.IsOurs)
                .Select(parent => verdict with { Parent = parent })
            : document.Status.Scopes;
    }

    private static ParentReference? Reference(JsonNode? node)
    {
        try
        {
            return node.Deserialize<ParentReference>(StatusYaml.Options);
        }
        catch (JsonException)
        {
            // Of a version of the API that we do not know.
            return null;
        }
    }

    private static List<JsonObject> OwnParents(JsonObject route) => Parents(route).Where(IsOurs).ToList();

    private static IEnumerable<JsonObject> Parents(JsonObject route) => (route["status"]?["parents"] as JsonArray ?? []).OfType<JsonObject>();

    private static bool IsOurs(JsonObject parent) => (string?)parent["controllerName"] == ApiGroup.ControllerName;

    private static JsonObject Sorted(JsonObject parent)
    {
        var sorted = (JsonObject)parent.DeepClone();
        sorted["conditions"] = new JsonArray(
        [
            .. (parent["conditions"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .OrderBy(condition => (string?)condition["type"], StringComparer.Ordinal)
                .Select(condition => condition.DeepClone()),
        ]);
        return sorted;
    }
}
