// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mesh.Crds.Schema;

/// <summary>How problems speak: what is there, what would be right, what was probably meant.</summary>
internal static class Words
{
    private const int MaxShown = 60;

    /// <summary>The value in words: <c>the text "3"</c>, <c>a list</c>.</summary>
    public static string Of(JsonNode? value) => value switch
    {
        null => "empty",
        JsonObject => "an object",
        JsonArray => "a list",
        _ when JsonScalars.TryText(value, out var text) => $"the text {Quote(text, MaxShown)}",
        _ when JsonScalars.TryNumber(value, out var number) => $"the number {Shorten(number, MaxShown)}",
        _ when JsonScalars.TryBoolean(value, out var flag) => flag ? "true" : "false",
        _ => "not valid text",
    };

    public static string WrongType(string expected, JsonNode? value) => $"must be {expected}, is {Of(value)}";

    public static string Missing(SchemaProperty property) =>
        (property.Schema.Description, property.Schema.TypeDescription) switch
        {
            ("", "") => "is required",
            ("", var type) => $"is required: {LowerFirst(type)}",
            var (description, _) => $"is required: {LowerFirst(description)}",
        };

    public static string UnknownField(SchemaNode schema, string name)
    {
        var known = schema.Properties.Select(property => property.Name).ToList();
        return DidYouMean(name, known) is { } near
            ? $"unknown field: did you mean {near}?"
            : $"unknown field; known here: {string.Join(", ", known)}";
    }

    public static string UnknownValue(SchemaNode schema, string text)
    {
        var shown = Quote(text, MaxShown);
        var allowed = string.Join(", ", schema.Enum);
        if (schema.UnsupportedValues.Contains(text, StringComparer.Ordinal))
        {
            return $"{shown} is not supported by this mesh; supported: {allowed}";
        }

        return DidYouMean(text, schema.Enum) is { } near
            ? $"{shown} is not allowed: did you mean {near}?"
            : $"{shown} is not allowed: must be {(schema.Enum.Length == 1 ? "" : "one of ")}{allowed}";
    }

    /// <summary>The candidate that a slip of the keyboard may have turned into <paramref name="text"/>.</summary>
    public static string? DidYouMean(string text, IReadOnlyCollection<string> candidates)
    {
        if (text.Length > MaxShown)
        {
            return null;
        }

        var allowed = text.Length switch { < 4 => 1, < 8 => 2, _ => 3 };
        return candidates
            .Select(candidate => (candidate, Distance: Distance(text.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(c => c.Distance <= allowed && c.Distance < c.candidate.Length)
            .OrderBy(c => c.Distance).ThenBy(c => c.candidate, StringComparer.Ordinal)
            .Select(c => c.candidate)
            .FirstOrDefault();
    }

    public static string Quote(string text, int maxLength) => $"\"{JsonEncodedText.Encode(Shorten(Printable(text), maxLength), JsonScalars.Readable)}\"";

    public static string Shorten(string text, int maxLength) =>
        text.Length <= maxLength ? text : string.Create(CultureInfo.InvariantCulture, $"{text[..maxLength]}…");

    private static string Printable(string text) =>
        string.Concat(text.Take(MaxShown * 4).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));

    private static string LowerFirst(string text) =>
        text.Length > 1 && char.IsUpper(text[1]) ? text : char.ToLowerInvariant(text[0]) + text[1..];

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
