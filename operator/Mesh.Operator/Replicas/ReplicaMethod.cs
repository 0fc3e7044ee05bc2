// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Grpc.Core;

namespace Mesh.Operator.Replicas;

/// <summary>The one method of the service between replicas: reports to the leader, each with an answer.</summary>
internal static class ReplicaMethod
{
    public static readonly Method<ReplicaReport, ReplicaAnswer> Report = new(
        MethodType.DuplexStreaming,
        "mesh.operator.Replicas",
        "Report",
        Json(ReplicaJson.Default.ReplicaReport),
        Json(ReplicaJson.Default.ReplicaAnswer));

    private static Marshaller<T> Json<T>(JsonTypeInfo<T> type)
        where T : class => new(
        (message, context) =>
        {
            using var writer = new Utf8JsonWriter(context.GetBufferWriter());
            JsonSerializer.Serialize(writer, message, type);
            writer.Flush();
            context.Complete();
        },
        context => Read(context, type));

    private static T Read<T>(DeserializationContext context, JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(context.PayloadAsReadOnlySequence());
        return JsonSerializer.Deserialize(ref reader, type) ?? throw new JsonException("The message is null; it must be an object.");
    }
}
