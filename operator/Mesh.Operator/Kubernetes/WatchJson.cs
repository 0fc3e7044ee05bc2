// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Mesh.Operator.Kubernetes;

/// <summary>What every object carries, whatever its kind.</summary>
internal sealed record ObjectHead(HeadMetadata? Metadata);

internal sealed record HeadMetadata(string? Name, string? Namespace, string? ResourceVersion, long? Generation);

/// <summary>The object of a BOOKMARK event: a version and, at the end of a streaming list, a mark.</summary>
internal sealed record BookmarkBody(BookmarkMetadata? Metadata);

internal sealed record BookmarkMetadata(string? ResourceVersion, Dictionary<string, string>? Annotations);

/// <summary>Metadata of a list: the version that a watch goes on from, and where the next page begins.</summary>
internal sealed record ListMetadata(string? ResourceVersion, string? Continue);

/// <summary>Kubernetes' Status, the body of a refusal.</summary>
internal sealed record StatusBody(int? Code, string? Reason, string? Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ObjectHead))]
[JsonSerializable(typeof(BookmarkBody))]
[JsonSerializable(typeof(ListMetadata))]
[JsonSerializable(typeof(StatusBody))]
internal sealed partial class WatchJson : JsonSerializerContext
{
    /// <summary>managedFields nest as deep as the objects that they are about, so the default of 64 is not enough for what is only skipped.</summary>
    public static readonly JsonReaderOptions Deep = new() { MaxDepth = 512 };

    public static T? Read<T>(ReadOnlySequence<byte> json, JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(json, Deep);
        return JsonSerializer.Deserialize(ref reader, type);
    }
}
