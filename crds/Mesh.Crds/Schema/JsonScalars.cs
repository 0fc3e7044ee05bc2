// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mesh.Crds.Schema;

/// <summary>Reads scalars out of JSON nodes, whatever they were made from (parsed text or C# values), without an exception.</summary>
internal static class JsonScalars
{
    public static JavaScriptEncoder Readable => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static bool TryText(JsonNode? node, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            text = value.ToString();
        }
        catch (InvalidOperationException)
        {
            // An escaped surrogate without its other half is JSON, but no text.
            return false;
        }

        return IsUnicode(text);
    }

    /// <summary>The number as JSON writes it; false for NaN and infinities, which JSON does not have.</summary>
    public static bool TryNumber(JsonNode? node, [NotNullWhen(true)] out string? number)
    {
        number = null;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return false;
        }

        try
        {
            number = value.ToJsonString();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public static bool TryBoolean(JsonNode? node, out bool flag)
    {
        var kind = (node as JsonValue)?.GetValueKind();
        flag = kind == JsonValueKind.True;
        return flag || kind == JsonValueKind.False;
    }

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }
}
