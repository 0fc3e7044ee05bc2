// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Mesh.Operator.Kubernetes;

/// <summary>One page of a list.</summary>
/// <param name="Objects">The objects on it.</param>
/// <param name="Version">The version of the whole list, from which a watch goes on.</param>
/// <param name="Continue">Token of the next page; empty on the last.</param>
internal sealed record WatchPage(ImmutableArray<WatchedObject> Objects, string Version, string Continue)
{
    /// <exception cref="InvalidDataException">It is no list.</exception>
    public static WatchPage Read(ReadOnlySequence<byte> json, IWatchedObjectReader objects)
    {
        try
        {
            var reader = new Utf8JsonReader(json, WatchJson.Deep);
            var read = ImmutableArray.CreateBuilder<WatchedObject>();
            ListMetadata? metadata = null;
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isItems = reader.ValueTextEquals("items"u8);
                var isMetadata = reader.ValueTextEquals("metadata"u8);
                reader.Read();
                if (isMetadata)
                {
                    metadata = JsonSerializer.Deserialize(ref reader, WatchJson.Default.ListMetadata);
                }
                else if (isItems && reader.TokenType == JsonTokenType.StartArray)
                {
                    ReadItems(ref reader, (json, objects), read);
                }
                else
                {
                    reader.Skip();
                }
            }

            return metadata?.ResourceVersion is { Length: > 0 } version
                ? new WatchPage(read.ToImmutable(), version, metadata.Continue ?? "")
                : throw new InvalidDataException("a list without metadata.resourceVersion");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"a list that is no JSON: {e.Message}", e);
        }
    }

    private static void ReadItems(
        ref Utf8JsonReader reader, (ReadOnlySequence<byte> Json, IWatchedObjectReader Objects) source, ImmutableArray<WatchedObject>.Builder read)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = reader.TokenStartIndex;
            reader.Skip();
            read.Add(source.Objects.Read(source.Json.Slice(start, reader.BytesConsumed - start)));
        }
    }
}
