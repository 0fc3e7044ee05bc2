// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Mesh.Operator.Replicas;

/// <summary>Messages between replicas as text: they are few, and whoever looks for a fault can read them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ReplicaReport))]
[JsonSerializable(typeof(ReplicaAnswer))]
[JsonSerializable(typeof(SilentNote))]
internal sealed partial class ReplicaJson : JsonSerializerContext;
