// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Mesh.EndToEnd.Tests.Deploy;

/// <summary>JSON as a Lua expression: what Argo CD gives a health check as <c>obj</c>.</summary>
internal static class LuaText
{
    public static string Of(JsonNode? node) => node switch
    {
        null => "nil",
        JsonObject map => $"{{{string.Join(", ", map.Select(static pair => $"[{Quote(pair.Key)}] = {Of(pair.Value)}"))}}}",
        JsonArray list => $"{{{string.Join(", ", list.Select(Of))}}}",
        JsonValue value when value.TryGetValue<string>(out var text) => Quote(text),
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag ? "true" : "false",
        _ => node.ToJsonString(),
    };

    // Bytes other than plain ones by number: Lua's strings are bytes.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            quoted.Append(b is >= 32 and < 127 and not (byte)'"' and not (byte)'\\' ? ((char)b).ToString() : string.Create(CultureInfo.InvariantCulture, $"\\{b:000}"));
        }

        return quoted.Append('"').ToString();
    }
}
