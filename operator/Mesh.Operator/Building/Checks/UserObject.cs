// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Model;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Checks;

/// <summary>Who an object is and how it ranks in a conflict: the older first, then by namespace and name (GEP-713).</summary>
/// <param name="Key">Its key in the store.</param>
/// <param name="Reference">It at its generation.</param>
/// <param name="Created">Its age; objects without one (files) rank behind those that have one, and among themselves by name.</param>
internal sealed record UserObject(ObjectKey Key, ResourceRef Reference, DateTime Created) : IComparable<UserObject>
{
    public string Namespace => Key.Namespace;

    public string Name => Key.Name;

    public string NamespacedName => Key.Namespace.Length == 0 ? Key.Name : $"{Key.Namespace}/{Key.Name}";

    public static UserObject Of(ObjectKey key, IKubernetesObject<V1ObjectMeta> entity)
    {
        var metadata = entity.Metadata;
        var reference = new ResourceRef(key.Kind, key.Namespace, key.Name, metadata?.Generation ?? 0) { Uid = metadata?.Uid ?? string.Empty };
        return new UserObject(key, reference, metadata?.CreationTimestamp ?? DateTime.MaxValue);
    }

    public int CompareTo(UserObject? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byAge = Created.CompareTo(other.Created);
        if (byAge != 0)
        {
            return byAge;
        }

        var byName = string.CompareOrdinal(NamespacedName, other.NamespacedName);
        return byName != 0 ? byName : string.CompareOrdinal(Key.Kind, other.Key.Kind);
    }

    /// <summary>Why this object goes before another one, for a message.</summary>
    public string Seniority(UserObject other) => Created < other.Created ? "is older" : "comes first by name";

    public static bool operator <(UserObject left, UserObject right) => left.CompareTo(right) < 0;

    public static bool operator <=(UserObject left, UserObject right) => left.CompareTo(right) <= 0;

    public static bool operator >(UserObject left, UserObject right) => left.CompareTo(right) > 0;

    public static bool operator >=(UserObject left, UserObject right) => left.CompareTo(right) >= 0;
}
