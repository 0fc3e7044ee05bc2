// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using KubeOps.Abstractions.Entities.Attributes;

namespace Mesh.Crds.Schema;

/// <summary>A kind's schema with what every document has: apiVersion, kind and metadata.</summary>
internal static class DocumentSchemas
{
    private static readonly ConditionalWeakTable<CrdSchema, SchemaNode> Made = [];

    public static SchemaNode Of(CrdSchema schema) => Made.GetValue(schema, Make);

    private static SchemaNode Make(CrdSchema schema)
    {
        var metadata = MetadataSchema.Of(schema);
        return schema.Root with
        {
            Properties =
            [
                new SchemaProperty("apiVersion", Constant(schema.ApiVersion), IsRequired: true),
                new SchemaProperty("kind", Constant(schema.Kind), IsRequired: true),
                new SchemaProperty("metadata", metadata, IsRequired: true),
                .. schema.Root.Properties,
            ],
            IgnoredFields = schema.Status is null ? [] : ["status"],
        };
    }

    private static SchemaNode Constant(string value) => new() { Type = SchemaType.String, Enum = [value] };
}
