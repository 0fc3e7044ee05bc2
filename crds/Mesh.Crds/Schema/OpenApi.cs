// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.GatewayApi;

namespace Mesh.Crds.Schema;

/// <summary>Schema nodes → structural OpenAPI v3 schemas with Kubernetes' extensions.</summary>
internal static class OpenApi
{
    /// <summary>Says again what the pattern says, for people. File mode has words of its own.</summary>
    private static readonly SchemaRule DurationInWords = new(
        $"self.matches(r\"{GatewayDuration.Pattern}\")", "must be a duration such as \"500ms\", \"10s\" or \"1h30m\": whole numbers with a unit, no fractions");

    public static JsonObject Document(CrdSchema schema)
    {
        var text = new SchemaNode { Type = SchemaType.String };
        var properties = schema.Root.Properties.AddRange(
            new SchemaProperty("apiVersion", text with { Description = $"Always {schema.ApiVersion}." }, IsRequired: false),
            new SchemaProperty("kind", text with { Description = $"Always {schema.Kind}." }, IsRequired: false));
        if (schema.Status is not null)
        {
            properties = properties.Add(new SchemaProperty("status", schema.Status, IsRequired: false));
        }

        var result = Of(schema.Root with { Properties = [.. properties] });
        (result["properties"] as JsonObject)?.Add("metadata", new JsonObject { ["type"] = "object" });
        return result;
    }

    /// <summary>What the field is for, then what its type is; not twice where the type's words begin with the field's.</summary>
    private static string Description(SchemaNode node) =>
        node.TypeDescription.StartsWith(node.Description.TrimEnd('.'), StringComparison.Ordinal) ? node.TypeDescription
        : node.TypeDescription.Length == 0 ? node.Description
        : $"{node.Description} {node.TypeDescription}";

    private static JsonObject Of(SchemaNode node)
    {
        var result = new JsonObject();
        var description = Description(node);
        if (description.Length > 0)
        {
            result["description"] = description;
        }

        if (node.Default is { } json)
        {
            result["default"] = JsonNode.Parse(json);
        }

        AddContent(node, result);
        if (node.Format is { } format)
        {
            result["format"] = format;
        }

        var rules = node.IsDuration ? node.Rules.Insert(0, DurationInWords) : node.Rules;
        if (!rules.IsEmpty)
        {
            result["x-kubernetes-validations"] = new JsonArray([.. rules.Select(Rule)]);
        }

        return result;
    }

    private static void AddContent(SchemaNode node, JsonObject result)
    {
        switch (node.Type)
        {
            case SchemaType.Object:
                AddObject(node, result);
                break;
            case SchemaType.Map:
                result["type"] = "object";
                result["additionalProperties"] = node.Items is { } values ? Of(values) : true;
                break;
            case SchemaType.Array:
                AddArray(node, result);
                break;
            case SchemaType.String:
                AddString(node, result);
                break;
            case SchemaType.Integer:
                AddNumber(node, result, "integer");
                break;
            case SchemaType.Number:
                AddNumber(node, result, "number");
                break;
            case SchemaType.Boolean:
                result["type"] = "boolean";
                break;
            case SchemaType.IntOrString:
                result["x-kubernetes-int-or-string"] = true;
                break;
        }
    }

    private static void AddObject(SchemaNode node, JsonObject result)
    {
        var properties = new JsonObject();
        foreach (var property in node.Properties)
        {
            properties[property.Name] = Of(property.Schema);
        }

        result["type"] = "object";
        result["properties"] = properties;
        var required = node.Properties.Where(property => property.IsRequired).Select(property => property.Name).ToList();
        if (required.Count > 0)
        {
            result["required"] = Texts(required);
        }
    }

    private static void AddArray(SchemaNode node, JsonObject result)
    {
        result["type"] = "array";
        result["items"] = node.Items is { } items ? Of(items) : new JsonObject();
        Add(result, "minItems", node.MinItems);
        Add(result, "maxItems", node.MaxItems);
        result["x-kubernetes-list-type"] = node switch
        {
            { ListMapKeys.IsEmpty: false } => "map",
            { IsSet: true } => "set",
            _ => "atomic",
        };
        if (!node.ListMapKeys.IsEmpty)
        {
            result["x-kubernetes-list-map-keys"] = Texts(node.ListMapKeys);
        }
    }

    private static void AddString(SchemaNode node, JsonObject result)
    {
        result["type"] = "string";
        Add(result, "minLength", node.MinLength);
        Add(result, "maxLength", node.MaxLength);
        if (node.Pattern is not null)
        {
            result["pattern"] = node.Pattern;
        }

        if (!node.Enum.IsEmpty)
        {
            result["enum"] = Texts(node.Enum);
        }
    }

    private static void AddNumber(SchemaNode node, JsonObject result, string type)
    {
        result["type"] = type;
        Add(result, "minimum", node.Minimum);
        Add(result, "maximum", node.Maximum);
    }

    private static JsonObject Rule(SchemaRule rule) => new() { ["message"] = rule.Message, ["rule"] = rule.Rule };

    private static void Add(JsonObject target, string name, double? value)
    {
        if (value is { } number)
        {
            target[name] = double.IsInteger(number) ? JsonValue.Create((long)number) : JsonValue.Create(number);
        }
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
