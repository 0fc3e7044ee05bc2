// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mesh.Operator.Sources.Yaml;

/// <summary>Reads a JSON text, one value or several in a row, to trees with positions.</summary>
internal static class JsonTextReader
{
    private static readonly JsonReaderOptions Options = new() { AllowMultipleValues = true, MaxDepth = TextLimits.Depth + 1 };

    public static IReadOnlyList<TextDocument> Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var documents = new List<TextDocument>();
        var reader = new Utf8JsonReader(bytes, Options);
        var lines = new LineCounter(bytes);
        var builder = new TreeBuilder();
        try
        {
            while (reader.Read())
            {
                if (Handle(ref reader, builder, lines.At((int)reader.TokenStartIndex)) && reader.CurrentDepth == 0)
                {
                    documents.Add(builder.Build(isTorn: false));
                    builder = new TreeBuilder();
                }
            }
        }
        catch (TextLimitException e)
        {
            builder.Report(e.Position, e.Message);
            documents.Add(builder.Build(isTorn: true));
        }
        catch (JsonException e)
        {
            var position = new TextPosition((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
            builder.Report(position, "this is no JSON: check commas, quotes and brackets here and in the lines above");
            documents.Add(builder.Build(isTorn: true));
        }

        return documents;
    }

    /// <summary>True when a value ended.</summary>
    private static bool Handle(ref Utf8JsonReader reader, TreeBuilder builder, TextPosition position)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                builder.Start(new JsonObject(), position);
                return false;
            case JsonTokenType.StartArray:
                builder.Start(new JsonArray(), position);
                return false;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                builder.End();
                return true;
            case JsonTokenType.PropertyName:
                builder.Key(Text(ref reader, position), position);
                return false;
            case JsonTokenType.String:
                var text = Text(ref reader, position);
                builder.Value(JsonValue.Create(text), text.Length, position);
                return true;
            case JsonTokenType.Number:
                builder.Value(JsonNode.Parse(reader.ValueSpan), reader.ValueSpan.Length, position);
                return true;
            case JsonTokenType.True or JsonTokenType.False:
                builder.Value(JsonValue.Create(reader.TokenType == JsonTokenType.True), 1, position);
                return true;
            default:
                builder.Value(null, 1, position);
                return true;
        }
    }

    private static string Text(ref Utf8JsonReader reader, TextPosition position)
    {
        try
        {
            // Proof of "!": the token is a string or a name.
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape.
            throw new TextLimitException(position, "the text holds half of a surrogate pair (\\ud800 to \\udfff): give both halves");
        }
    }

    /// <summary>Turns growing offsets into lines.</summary>
    private sealed class LineCounter(byte[] bytes)
    {
        private int counted;
        private int line = 1;
        private int lineStart;

        public TextPosition At(int offset)
        {
            for (; counted < offset; counted++)
            {
                if (bytes[counted] == (byte)'\n')
                {
                    line++;
                    lineStart = counted + 1;
                }
            }

            return new TextPosition(line, offset - lineStart + 1);
        }
    }
}
