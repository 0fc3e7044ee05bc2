// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.Crds.Schema;

/// <summary>One field as a row of the reference.</summary>
internal static class ReferenceRow
{
    public static string Of(SchemaProperty property)
    {
        var schema = property.Schema;
        var value = schema.Type is SchemaType.Array or SchemaType.Map ? schema.Items ?? schema : schema;
        string[] cells =
        [
            $"`{property.Name}`",
            TypeOf(schema),
            schema.Default is { } json ? $"`{json}`" : "",
            string.Join("; ", Constraints(property, value)),
            schema.Description.Length > 0 ? schema.Description : schema.TypeDescription,
        ];
        return $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";
    }

    private static string TypeOf(SchemaNode schema) => schema.Type switch
    {
        SchemaType.Object => $"`{schema.TypeName}`",
        SchemaType.Map => $"map of {TypeOf(schema.Items ?? schema)}",
        SchemaType.Array => $"list of {TypeOf(schema.Items ?? schema)}",
        SchemaType.String when schema.IsDuration => "duration",
        SchemaType.String when !schema.Enum.IsEmpty => "enumeration",
        SchemaType.String => schema.Format == "date-time" ? "time" : "string",
        SchemaType.Integer => "integer",
        SchemaType.Number => "number",
        SchemaType.Boolean => "boolean",
        SchemaType.IntOrString => "integer or string",
    };

    private static IEnumerable<string> Constraints(SchemaProperty property, SchemaNode value)
    {
        var schema = property.Schema;
        if (property.IsRequired)
        {
            yield return "required";
        }

        if (Bounds(schema.MinItems, schema.MaxItems) is { } count)
        {
            yield return $"{count} elements";
        }

        if (!schema.ListMapKeys.IsEmpty)
        {
            yield return $"distinct by {string.Join(", ", schema.ListMapKeys)}";
        }

        if (schema.IsSet)
        {
            yield return "distinct";
        }

        foreach (var constraint in OfValue(value))
        {
            yield return constraint;
        }

        var own = schema.Type is SchemaType.Object or SchemaType.Array or SchemaType.Map ? schema.Rules : value.Rules;
        foreach (var rule in schema.Type == SchemaType.Object ? [] : own)
        {
            yield return rule.Message;
        }
    }

    private static IEnumerable<string> OfValue(SchemaNode value)
    {
        if (!value.Enum.IsEmpty)
        {
            yield return string.Join(", ", value.Enum.Select(name => $"`{name}`"));
        }

        if (!value.UnsupportedValues.IsEmpty)
        {
            yield return $"not supported: {string.Join(", ", value.UnsupportedValues.Select(name => $"`{name}`"))}";
        }

        if (Bounds(value.Minimum, value.Maximum) is { } range)
        {
            yield return range;
        }

        if (!value.IsDuration && Bounds(value.MinLength, value.MaxLength) is { } length)
        {
            yield return $"{length} characters";
        }

        if (!value.IsDuration && value.Pattern is { } pattern)
        {
            yield return $"matches `` {pattern} ``";
        }

        if (value.Type == SchemaType.String && value.Format is { } format and not "date-time")
        {
            yield return format;
        }
    }

    private static string? Bounds(double? minimum, double? maximum) => (minimum, maximum) switch
    {
        ({ } from, { } to) => string.Create(CultureInfo.InvariantCulture, $"{from}–{to}"),
        ({ } from, null) => string.Create(CultureInfo.InvariantCulture, $"at least {from}"),
        (null, { } to) => string.Create(CultureInfo.InvariantCulture, $"at most {to}"),
        (null, null) => null,
    };
}
