// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mesh.Operator.Sources.Files;

/// <summary>
/// Tells whether two documents ask for the same, by the API server's rule for the generation: all but metadata and status counts, the order
/// of keys does not.
/// </summary>
internal static class ContentDigest
{
    public static UInt128 Of(JsonObject root)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WriteObject(writer, root.Where(entry => entry.Key is not ("apiVersion" or "kind" or "metadata" or "status")));
        }

        return XxHash128.HashToUInt128(buffer.WrittenSpan);
    }

    private static void WriteObject(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, JsonNode?>> entries)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(key);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject mapping:
                WriteObject(writer, mapping);
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
