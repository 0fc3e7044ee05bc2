// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Reflection;
using k8s;
using k8s.Models;

namespace Mesh.Operator.Sources;

public static class ObjectKeys
{
    /// <summary>The pseudo kind under which the problems of a file stand that belong to no object.</summary>
    public const string FileKind = "File";

    private static readonly ConcurrentDictionary<Type, string> Kinds = new();

    public static ObjectKey Of(IKubernetesObject<V1ObjectMeta> obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        return new ObjectKey(KindOf(obj.GetType()), obj.Metadata.NamespaceProperty ?? "", obj.Metadata.Name ?? "");
    }

    public static ObjectKey OfFile(string path) => new(FileKind, "", path);

    // Not obj.Kind: items of an API list carry none.
    private static string KindOf(Type type) => Kinds.GetOrAdd(type, static t =>
        t.GetCustomAttribute<KubernetesEntityAttribute>()?.Kind
        ?? throw new ArgumentException($"{t.Name} has no [KubernetesEntity] and so no kind.", nameof(type)));
}
