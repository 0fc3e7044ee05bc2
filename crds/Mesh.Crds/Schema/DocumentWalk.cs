// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mesh.Crds.Schema;

/// <summary>One pass over one document: collects problems and copies what its schema knows, defaults filled in.</summary>
internal sealed class DocumentWalk
{
    private readonly List<SchemaProblem> _problems = [];

    public ImmutableArray<SchemaProblem> Problems => [.. _problems.Take(SchemaValidator.MaxProblems)];

    private bool IsFull => _problems.Count >= SchemaValidator.MaxProblems;

    public void Report(string path, string message)
    {
        if (!IsFull)
        {
            _problems.Add(new SchemaProblem(path, message));
        }
    }

    /// <summary>Checks <paramref name="value"/>; its copy, or null where it is of a wrong type.</summary>
    public JsonNode? Visit(SchemaNode schema, JsonNode? value, string path)
    {
        if (IsFull)
        {
            return null;
        }

        var before = _problems.Count;
        var copy = schema.Type switch
        {
            SchemaType.Object => VisitObject(schema, value, path),
            SchemaType.Map => VisitMap(schema, value, path),
            SchemaType.Array => VisitArray(schema, value, path),
            SchemaType.String or SchemaType.Integer or SchemaType.Number or SchemaType.Boolean or SchemaType.IntOrString
                => ScalarChecks.Check(schema, value, message => Report(path, message)),
        };

        // As on the API server, rules see only what is right by type.
        if (copy is not null && _problems.Count == before)
        {
            CheckRules(schema, copy, path);
        }

        return copy;
    }

    private void CheckRules(SchemaNode schema, JsonNode copy, string path)
    {
        foreach (var rule in schema.Rules.Where(rule => !RuleEvaluator.Holds(rule, schema, copy)))
        {
            Report(path, rule.Message);
        }
    }

    private JsonObject? VisitObject(SchemaNode schema, JsonNode? value, string path)
    {
        if (FieldsOf(value, path) is not { } fields)
        {
            return null;
        }

        var copy = new JsonObject();
        foreach (var (name, field) in fields)
        {
            if (field is not null)
            {
                VisitField(schema, name, field, (copy, path));
            }
        }

        foreach (var property in schema.Properties.Where(property => !fields.Exists(f => f.Key == property.Name && f.Value is not null)))
        {
            FillIn(property, copy, path);
        }

        return copy;
    }

    private void VisitField(SchemaNode schema, string name, JsonNode field, (JsonObject Copy, string Path) parent)
    {
        var path = JsonPaths.Field(parent.Path, name);
        if (schema.Find(name) is { } property)
        {
            if (Visit(property.Schema, field, path) is { } visited)
            {
                parent.Copy[name] = visited;
            }
        }
        else if (schema.UnsupportedFields.FirstOrDefault(unsupported => unsupported.Name == name) is { } unsupported)
        {
            Report(path, $"not supported by this mesh: {unsupported.Instead}");
        }
        else if (!schema.IgnoresUnknownFields && !schema.IgnoredFields.Contains(name, StringComparer.Ordinal))
        {
            Report(path, Words.UnknownField(schema, name));
        }
    }

    private void FillIn(SchemaProperty property, JsonObject copy, string path)
    {
        var place = JsonPaths.Field(path, property.Name);
        if (property.Schema.Default is { } json)
        {
            copy[property.Name] = Visit(property.Schema, JsonNode.Parse(json), place);
        }
        else if (property.IsRequired)
        {
            Report(place, Words.Missing(property));
        }
    }

    private JsonObject? VisitMap(SchemaNode schema, JsonNode? value, string path)
    {
        if (FieldsOf(value, path) is not { } fields || schema.Items is not { } values)
        {
            return null;
        }

        var copy = new JsonObject();
        foreach (var (name, field) in fields)
        {
            var place = JsonPaths.Key(path, name);
            if (schema.HasQualifiedNames && !QualifiedName.IsValid(name))
            {
                Report(place, QualifiedName.Expected);
            }
            else if (Visit(values, field, place) is { } visited)
            {
                copy[name] = visited;
            }
        }

        return copy;
    }

    private JsonArray? VisitArray(SchemaNode schema, JsonNode? value, string path)
    {
        if (value is not JsonArray array || schema.Items is not { } element)
        {
            Report(path, Words.WrongType("a list", value));
            return null;
        }

        if (!ListChecks.HasRightCount(schema, array.Count, message => Report(path, message)))
        {
            return null;
        }

        var copy = new JsonArray();
        for (var i = 0; i < array.Count && !IsFull; i++)
        {
            copy.Add(Visit(element, array[i], JsonPaths.Element(path, i)));
        }

        ListChecks.CheckDistinct(schema, copy, (index, message) => Report(JsonPaths.Element(path, index), message));
        return copy;
    }

    /// <summary>The fields in the document's order; null (and a problem) where it is no object or an unreadable one.</summary>
    private List<KeyValuePair<string, JsonNode?>>? FieldsOf(JsonNode? value, string path)
    {
        if (value is not JsonObject fields)
        {
            Report(path, Words.WrongType("an object", value));
            return null;
        }

        try
        {
            return [.. fields];
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or JsonException)
        {
            // JsonObject reads parsed text on first use and only then finds keys that occur twice or are no Unicode.
            Report(path, "a field is given twice, or its name is not valid text");
            return null;
        }
    }
}
