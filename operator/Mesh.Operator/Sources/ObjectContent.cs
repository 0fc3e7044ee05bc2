// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;
using Mesh.Crds.Core;

namespace Mesh.Operator.Sources;

/// <summary>
/// What of an object makes it another one: all but what the API server counts (resourceVersion), what writers note (managedFields) and the
/// status. A Pod's status counts: its address stands there, and the mesh only reads it.
/// </summary>
internal static class ObjectContent
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { DropBookkeeping } },
    };

    public static UInt128 Digest(IKubernetesObject<V1ObjectMeta> obj)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            JsonSerializer.Serialize(writer, obj, obj.GetType(), Options);
        }

        return XxHash128.HashToUInt128(buffer.WrittenSpan);
    }

    private static void DropBookkeeping(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (IsBookkeeping(type.Type, type.Properties[i].AttributeProvider as System.Reflection.MemberInfo))
            {
                type.Properties.RemoveAt(i);
            }
        }
    }

    private static bool IsBookkeeping(Type type, System.Reflection.MemberInfo? member) => member?.Name switch
    {
        nameof(V1ObjectMeta.ManagedFields) or nameof(V1ObjectMeta.ResourceVersion) => type == typeof(V1ObjectMeta),
        // Items of an API list lack what the same object has in a watch event.
        nameof(IKubernetesObject.ApiVersion) or nameof(IKubernetesObject.Kind) => typeof(IKubernetesObject<V1ObjectMeta>).IsAssignableFrom(type),
        "Status" => typeof(IKubernetesObject<V1ObjectMeta>).IsAssignableFrom(type) && type != typeof(Pod),
        _ => false,
    };
}
