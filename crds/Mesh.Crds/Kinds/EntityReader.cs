// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Mesh.Crds.Schema;

namespace Mesh.Crds.Kinds;

/// <summary>JSON document → typed object.</summary>
internal static class EntityReader
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    public static ReadResult Read(KindEntry kind, JsonNode? document)
    {
        var judged = SchemaValidator.Validate(kind.Schema, document);
        if (!judged.Problems.IsEmpty)
        {
            return new ReadResult(Entity: null, judged.Problems);
        }

        try
        {
            return judged.Document.Deserialize(kind.EntityType, Options) is IKubernetesObject<V1ObjectMeta> entity
                ? new ReadResult(entity, [])
                : Failed("", $"is no {kind.Kind}");
        }
        catch (JsonException e)
        {
            // The schema is made from the same types, so this is a value that the type's own reader is stricter about.
            return Failed(e.Path?.TrimStart('$').TrimStart('.') ?? "", $"cannot be read: {e.Message}");
        }
    }

    private static ReadResult Failed(string path, string message) => new(Entity: null, [new SchemaProblem(path, message)]);
}
