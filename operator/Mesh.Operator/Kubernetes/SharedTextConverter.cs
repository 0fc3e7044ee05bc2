// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mesh.Operator.Kubernetes;

/// <summary>Reads equal texts as one string. For one reader at a time; it keeps a bounded number of them, further ones are not shared.</summary>
internal sealed class SharedTextConverter : JsonConverter<string?>
{
    private const int Kept = 10_000;
    private const int Longest = 256;

    private readonly HashSet<string> texts = new(StringComparer.Ordinal);

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (reader.TokenType != JsonTokenType.String || bytes > Longest)
        {
            // Of a wrong type it throws, as the serializer expects.
            return reader.TokenType == JsonTokenType.Null ? null : reader.GetString();
        }

        Span<char> buffer = stackalloc char[Longest];
        var text = buffer[..reader.CopyString(buffer)];
        var lookup = texts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var known))
        {
            return known;
        }

        var made = text.ToString();
        if (texts.Count < Kept)
        {
            texts.Add(made);
        }

        return made;
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
