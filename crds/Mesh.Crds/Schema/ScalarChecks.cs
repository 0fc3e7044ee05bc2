// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;

namespace Mesh.Crds.Schema;

/// <summary>Checks a scalar; its copy, or null where its type is wrong.</summary>
internal static class ScalarChecks
{
    public static JsonNode? Check(SchemaNode schema, JsonNode? value, Action<string> report) => schema.Type switch
    {
        SchemaType.Integer => CheckInteger(schema, value, report),
        SchemaType.Number => CheckNumber(schema, value, report),
        SchemaType.Boolean => CheckBoolean(value, report),
        SchemaType.IntOrString => JsonScalars.TryText(value, out var text) ? JsonValue.Create(text) : CheckInteger(schema, value, report),
        SchemaType.String => CheckString(schema, value, report),
        SchemaType.Object or SchemaType.Map or SchemaType.Array => throw new ArgumentException($"{schema.Type} is no scalar", nameof(schema)),
    };

    private static JsonValue? CheckInteger(SchemaNode schema, JsonNode? value, Action<string> report)
    {
        if (!JsonScalars.TryNumber(value, out var text))
        {
            report(Words.WrongType("an integer", value) + WithoutQuotes(value));
            return null;
        }

        var asDouble = double.Parse(text, CultureInfo.InvariantCulture);
        if (double.IsFinite(asDouble) && !double.IsInteger(asDouble))
        {
            report($"must be an integer, is the number {Words.Shorten(text, 40)}");
            return null;
        }

        if (!TryInteger(text, asDouble, out var number) || (schema.Format == "int32" && number is < int.MinValue or > int.MaxValue))
        {
            report($"{Words.Shorten(text, 40)} is too large: {Range(schema) ?? "must fit " + (schema.Format == "int32" ? "32 bits" : "64 bits")}");
            return null;
        }

        CheckRange(schema, number, text, report);
        return JsonValue.Create(number);
    }

    private static bool TryInteger(string text, double asDouble, out long number)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            return true;
        }

        // "3.0" and "1e3" are integers as well, as far as a double is exact.
        var isExact = text.AsSpan().ContainsAny('.', 'e', 'E') && Math.Abs(asDouble) <= 1L << 53;
        number = isExact ? (long)asDouble : 0;
        return isExact;
    }

    private static JsonValue? CheckNumber(SchemaNode schema, JsonNode? value, Action<string> report)
    {
        if (!JsonScalars.TryNumber(value, out var text))
        {
            report(Words.WrongType("a number", value) + WithoutQuotes(value));
            return null;
        }

        var number = double.Parse(text, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
        {
            report($"{Words.Shorten(text, 40)} is too large: {Range(schema) ?? "must fit a 64-bit floating-point number"}");
            return null;
        }

        CheckRange(schema, number, text, report);
        return JsonValue.Create(number);
    }

    private static void CheckRange(SchemaNode schema, double number, string text, Action<string> report)
    {
        if (number < schema.Minimum || number > schema.Maximum)
        {
            report($"{Range(schema)}, is {Words.Shorten(text, 40)}");
        }
    }

    private static string? Range(SchemaNode schema) => (schema.Minimum, schema.Maximum) switch
    {
        ({ } minimum, { } maximum) => string.Create(CultureInfo.InvariantCulture, $"must be from {minimum} to {maximum}"),
        ({ } minimum, null) => string.Create(CultureInfo.InvariantCulture, $"must be at least {minimum}"),
        (null, { } maximum) => string.Create(CultureInfo.InvariantCulture, $"must be at most {maximum}"),
        (null, null) => null,
    };

    private static JsonValue? CheckBoolean(JsonNode? value, Action<string> report)
    {
        if (JsonScalars.TryBoolean(value, out var flag))
        {
            return JsonValue.Create(flag);
        }

        report(Words.WrongType("true or false", value) + WithoutQuotes(value));
        return null;
    }

    private static JsonValue? CheckString(SchemaNode schema, JsonNode? value, Action<string> report)
    {
        if (!JsonScalars.TryText(value, out var text))
        {
            report(Words.WrongType(schema.IsDuration ? "a duration in quotes" : "text", value) + InQuotes(schema, value));
            return null;
        }

        TextChecks.Check(schema, text, report);
        return JsonValue.Create(text);
    }

    private static string WithoutQuotes(JsonNode? value) =>
        JsonScalars.TryText(value, out var text)
        && (text is "true" or "false" || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            ? $": did you mean {text} without quotes?"
            : "";

    private static string InQuotes(SchemaNode schema, JsonNode? value)
    {
        if (JsonScalars.TryNumber(value, out var number) && number.Length <= 20)
        {
            return schema.IsDuration ? $": did you mean \"{number}s\"?" : $": did you mean \"{number}\" in quotes?";
        }

        return JsonScalars.TryBoolean(value, out var flag) ? $": did you mean \"{(flag ? "true" : "false")}\" in quotes?" : "";
    }
}
