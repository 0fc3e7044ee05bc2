// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>A line of the API server's audit log.</summary>
/// <param name="Verb">As roles name it.</param>
/// <param name="Resource">"group/plural", or "group/plural/subresource".</param>
/// <param name="Name">Of the object; "" where the request names none.</param>
/// <param name="Code">Of the answer.</param>
/// <param name="IsForbidden">The authorizer said no.</param>
internal sealed record AuditedRequest(string Verb, string Resource, string Name, int Code, bool IsForbidden)
{
    public static AuditedRequest Of(JsonNode? line)
    {
        var target = line?["objectRef"];
        var sub = Text(target?["subresource"]) is { Length: > 0 } subresource ? $"/{subresource}" : "";
        var code = (int?)line?["responseStatus"]?["code"] ?? 0;
        return new AuditedRequest(
            Text(line?["verb"]),
            $"{Text(target?["apiGroup"])}/{Text(target?["resource"])}{sub}",
            Text(target?["name"]),
            code,
            code == 403 || Text(line?["annotations"]?["authorization.k8s.io/decision"]) == "forbid");
    }

    private static string Text(JsonNode? node) => (string?)node ?? "";
}
