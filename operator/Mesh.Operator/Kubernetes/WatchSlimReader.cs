// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Objects that the API server knows better than we do: read into a type that has the fields we look at, the rest is skipped where it lies
/// in the buffer. Thousands are held, so bookkeeping is left out (annotations above all, which no rule of the mesh reads and many programs write), and texts that many share (node, zone, protocol) are held once.
/// </summary>
internal sealed class WatchSlimReader(string kind, Type type) : IWatchedObjectReader
{
    private static readonly string[] Bookkeeping =
        ["annotations", "managedFields", "ownerReferences", "finalizers", "selfLink", "generateName", "deletionGracePeriodSeconds"];

    private static readonly string[] Shared =
        ["namespace", "nodeName", "zone", "kind", "protocol", "appProtocol", "addressType", "phase", "serviceAccountName", "type"];

    private readonly JsonSerializerOptions options = MakeOptions();

    public WatchedObject Read(ReadOnlySequence<byte> json)
    {
        var head = WatchJson.Read(json, WatchJson.Default.ObjectHead)?.Metadata;
        var read = new WatchedObject { Key = new ObjectKey(kind, head?.Namespace ?? "", head?.Name ?? ""), Version = head?.ResourceVersion ?? "" };
        try
        {
            var reader = new Utf8JsonReader(json, WatchJson.Deep);
            return JsonSerializer.Deserialize(ref reader, type, options) is IKubernetesObject<V1ObjectMeta> { Metadata: not null } entity
                ? read with { Entity = entity is Pod pod ? Trimmed(pod) : entity }
                : read with { Problems = [new SourceProblem("", 0, "metadata", "is missing", 0)] };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or NotSupportedException)
        {
            // A value of another type than Kubernetes' own API has there.
            var path = (e as JsonException)?.Path?.TrimStart('$').TrimStart('.') ?? "";
            return read with { Problems = [new SourceProblem("", 0, path, $"cannot be read: {e.Message}", head?.Generation ?? 0)] };
        }
    }

    /// <summary>A pod goes through a dozen conditions before it is ready, and again when it ends: they are no news.</summary>
    private static Pod Trimmed(Pod pod) => new()
    {
        ApiVersion = pod.ApiVersion,
        Kind = pod.Kind,
        Metadata = pod.Metadata,
        Spec = pod.Spec is { Containers: { } containers } spec && containers.All(container => container?.Ports is not { Count: > 0 })
            ? spec with { Containers = null }
            : pod.Spec,
        Status = pod.Status is { Conditions: { } conditions } status
            ? status with { Conditions = [.. conditions.Where(condition => condition?.Type == PodCondition.Ready)] }
            : pod.Status,
    };

    private static JsonSerializerOptions MakeOptions()
    {
        var shared = new SharedTextConverter();
        return new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { properties => Trim(properties, shared) } },
        };
    }

    private static void Trim(JsonTypeInfo properties, SharedTextConverter shared)
    {
        for (var i = properties.Properties.Count - 1; i >= 0; i--)
        {
            var property = properties.Properties[i];
            if (properties.Type == typeof(V1ObjectMeta) && Bookkeeping.Contains(property.Name, StringComparer.Ordinal))
            {
                properties.Properties.RemoveAt(i);
            }
            else if (property.PropertyType == typeof(string) && Shared.Contains(property.Name, StringComparer.Ordinal))
            {
                property.CustomConverter = shared;
            }
        }
    }
}
