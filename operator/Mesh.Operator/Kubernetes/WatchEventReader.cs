// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text.Json;

namespace Mesh.Operator.Kubernetes;

/// <summary>One line of a watch, <c>{"type": …, "object": {…}}</c>, to the event that it tells of.</summary>
internal static class WatchEventReader
{
    private const string InitialEventsEnd = "k8s.io/initial-events-end";

    /// <exception cref="InvalidDataException">The line is no event: what speaks is no API server, or the line is torn.</exception>
    public static WatchEvent Read(ReadOnlySequence<byte> line, IWatchedObjectReader objects)
    {
        try
        {
            var (type, body) = Split(line);
            return type switch
            {
                "ADDED" or "MODIFIED" => new WatchEvent.Changed(objects.Read(body)),
                "DELETED" => new WatchEvent.Deleted(objects.Read(body)),
                "BOOKMARK" => Bookmark(body),
                "ERROR" => new WatchEvent.Failed(WatchException.Of(WatchJson.Read(body, WatchJson.Default.StatusBody))),
                _ => throw new InvalidDataException($"a watch event of type \"{type}\", which is none of ADDED, MODIFIED, DELETED, BOOKMARK and ERROR"),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter for text that is no valid Unicode.
            throw new InvalidDataException($"a watch event that is no JSON: {e.Message}", e);
        }
    }

    /// <summary>JSON promises no order, so the object's place is noted first and read when the type is known.</summary>
    private static (string Type, ReadOnlySequence<byte> Body) Split(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line, WatchJson.Deep);
        string? type = null;
        ReadOnlySequence<byte>? body = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidDataException("a line of a watch that is no JSON object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isBody = reader.ValueTextEquals("object"u8);
            reader.Read();
            if (isType)
            {
                type = TypeOf(ref reader);
            }
            else if (isBody)
            {
                var start = reader.TokenStartIndex;
                reader.Skip();
                body = line.Slice(start, reader.BytesConsumed - start);
            }
            else
            {
                reader.Skip();
            }
        }

        return type is not null && body is { } found
            ? (type, found)
            : throw new InvalidDataException($"a watch event without {(type is null ? "a type" : "an object")}");
    }

    /// <summary>No text is made for the types that come all the time.</summary>
    private static string TypeOf(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? throw new InvalidDataException("a watch event whose type is no text")
        : reader.ValueTextEquals("MODIFIED"u8) ? "MODIFIED"
        : reader.ValueTextEquals("ADDED"u8) ? "ADDED"
        : reader.ValueTextEquals("DELETED"u8) ? "DELETED"
        : reader.GetString() ?? "";

    private static WatchEvent.Bookmark Bookmark(ReadOnlySequence<byte> body)
    {
        var metadata = WatchJson.Read(body, WatchJson.Default.BookmarkBody)?.Metadata;
        return metadata?.ResourceVersion is { Length: > 0 } version
            ? new WatchEvent.Bookmark(version, metadata.Annotations?.GetValueOrDefault(InitialEventsEnd) == "true")
            : throw new InvalidDataException("a bookmark without a resourceVersion");
    }
}
