// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Mesh.Crds.Schema;

/// <summary>JSON as block YAML, keys sorted, so that equal content is equal text.</summary>
public static partial class YamlText
{
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonObject document)
    {
        var text = new StringBuilder();
        WriteObject(text, document, indent: 0, startsOnLine: false);
        return text.ToString();
    }

    private static void WriteObject(StringBuilder text, JsonObject value, int indent, bool startsOnLine)
    {
        foreach (var (name, field) in value.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(' ', startsOnLine ? 0 : indent).Append(Scalar(name)).Append(':');
            startsOnLine = false;
            WriteValue(text, field, indent);
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } fields:
                text.Append('\n');
                WriteObject(text, fields, indent + 2, startsOnLine: false);
                break;
            case JsonArray { Count: > 0 } elements:
                text.Append('\n');
                WriteArray(text, elements, indent);
                break;
            default:
                text.Append(' ').Append(Inline(value)).Append('\n');
                break;
        }
    }

    private static void WriteArray(StringBuilder text, JsonArray elements, int indent)
    {
        foreach (var element in elements)
        {
            text.Append(' ', indent).Append("- ");
            if (element is JsonObject { Count: > 0 } fields)
            {
                WriteObject(text, fields, indent + 2, startsOnLine: true);
            }
            else
            {
                text.Append(Inline(element)).Append('\n');
            }
        }
    }

    private static string Inline(JsonNode? value) =>
        value is JsonValue scalar && scalar.GetValueKind() == JsonValueKind.String
            ? Scalar(scalar.GetValue<string>())
            : value?.ToJsonString(Quoted) ?? "null";

    /// <summary>Plain where no YAML version could read it as anything but this text, else in double quotes as JSON writes it.</summary>
    private static string Scalar(string value) => Plain().IsMatch(value) && !Word().IsMatch(value) ? value : JsonSerializer.Serialize(value, Quoted);

    [GeneratedRegex("""^[A-Za-z][A-Za-z0-9_./-]*\z""", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();

    [GeneratedRegex("""^(?i:y|n|yes|no|on|off|true|false|null)\z""", RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
