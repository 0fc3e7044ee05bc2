// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities;
using KubeOps.Abstractions.Entities.Attributes;

namespace Mesh.Crds.Schema;

/// <summary>
/// What metadata must be like. The API server checks it in code, not by schema; the rules are Kubernetes' own ("Object Names and IDs",
/// "Labels and Selectors").
/// </summary>
internal static class MetadataSchema
{
    /// <summary>Written by servers and tools; of no interest to us and of any shape.</summary>
    private static readonly string[] Ignored =
        ["deletionGracePeriodSeconds", "finalizers", "managedFields", "ownerReferences", "selfLink", "generateName"];

    public static SchemaNode Of(CrdSchema schema)
    {
        var name = new SchemaProperty("name", Name(schema), IsRequired: true);
        var @namespace = new SchemaProperty("namespace", Text(63, Patterns.Label), IsRequired: false);
        SchemaProperty[] placed = schema.Scope == EntityScope.Cluster ? [name] : [name, @namespace with { Schema = DefaultNamespace(@namespace.Schema) }];
        return new SchemaNode
        {
            Type = SchemaType.Object,
            TypeName = "ObjectMeta",
            Properties = [.. placed, .. Common()],
            UnsupportedFields = schema.Scope == EntityScope.Cluster
                ? [new UnsupportedFieldAttribute("namespace", $"a {schema.Kind} belongs to no namespace: leave it out")]
                : [],
            IgnoredFields = [.. Ignored],
        };
    }

    private static IEnumerable<SchemaProperty> Common()
    {
        var time = new SchemaNode { Type = SchemaType.String, Format = "date-time" };
        yield return Optional("annotations", Map(new SchemaNode { Type = SchemaType.String }));
        yield return Optional("creationTimestamp", time);
        yield return Optional("deletionTimestamp", time);
        yield return Optional("generation", new SchemaNode { Type = SchemaType.Integer, Format = "int64", Minimum = 0 });
        yield return Optional("labels", Map(Text(63, "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$", minLength: 0)));
        yield return Optional("resourceVersion", new SchemaNode { Type = SchemaType.String });
        yield return Optional("uid", new SchemaNode { Type = SchemaType.String });
    }

    private static SchemaProperty Optional(string name, SchemaNode schema) => new(name, schema, IsRequired: false);

    private static SchemaNode Map(SchemaNode values) => new() { Type = SchemaType.Map, Items = values, HasQualifiedNames = true };

    private static SchemaNode Text(int maxLength, string pattern, int minLength = 1) =>
        new() { Type = SchemaType.String, MinLength = minLength, MaxLength = maxLength, Pattern = pattern };

    /// <summary>kubectl puts an object without a namespace into the current one, "default" unless told otherwise.</summary>
    private static SchemaNode DefaultNamespace(SchemaNode schema) => schema with { Default = "\"default\"" };

    private static SchemaNode Name(CrdSchema schema) => (schema.Group, schema.Kind) switch
    {
        ("", "Namespace") => Text(63, Patterns.Label),
        ("", "Service") => Text(63, Patterns.ServiceName),
        _ => Text(253, Patterns.Subdomain),
    };
}
