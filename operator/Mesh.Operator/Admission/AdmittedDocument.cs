// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using Mesh.Crds.Kinds;

namespace Mesh.Operator.Admission;

/// <summary>An object of a request, cut down to what is judged: metadata is the API server's to judge, status the operator's to write.</summary>
internal sealed record AdmittedDocument
{
    private static readonly string[] Metadata = ["name", "namespace", "creationTimestamp", "generation"];

    private AdmittedDocument(string space, string name, JsonObject content) => (Namespace, Name, Content) = (space, name, content);

    public string Namespace { get; }

    public string Name { get; }

    public JsonObject Content { get; }

    public static AdmittedDocument Of(KindEntry kind, JsonObject source)
    {
        var metadata = new JsonObject();
        foreach (var field in Metadata)
        {
            if ((source["metadata"] as JsonObject)?[field] is JsonValue value && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number)
            {
                metadata[field] = value.DeepClone();
            }
        }

        var content = new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind, ["metadata"] = metadata };
        if (source["spec"] is { } spec)
        {
            content["spec"] = spec.DeepClone();
        }

        return new AdmittedDocument(Text(metadata["namespace"]), Text(metadata["name"]), content);
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
