// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model;

/// <summary>One user object at one generation: where an element of the model stems from.</summary>
/// <param name="Kind">The object's kind, <c>TrafficPolicy</c> say.</param>
/// <param name="Namespace">Empty for a cluster-scoped object.</param>
/// <param name="Name">The object's name.</param>
/// <param name="Generation">The object's <c>metadata.generation</c> that this was built from; 0 where there is none.</param>
public sealed record ResourceRef(string Kind, string Namespace, string Name, long Generation) : IComparable<ResourceRef>
{
    /// <summary>The object's <c>metadata.uid</c>: one that was deleted and made anew begins at generation 1 again. Empty for files.</summary>
    public string Uid { get; init; } = string.Empty;

    public int CompareTo(ResourceRef? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byKind = string.CompareOrdinal(Kind, other.Kind);
        if (byKind != 0)
        {
            return byKind;
        }

        var byNamespace = string.CompareOrdinal(Namespace, other.Namespace);
        if (byNamespace != 0)
        {
            return byNamespace;
        }

        var byName = string.CompareOrdinal(Name, other.Name);
        if (byName != 0)
        {
            return byName;
        }

        var byGeneration = Generation.CompareTo(other.Generation);
        return byGeneration != 0 ? byGeneration : string.CompareOrdinal(Uid, other.Uid);
    }

    public override string ToString() => Namespace.Length == 0 ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";

    public static bool operator <(ResourceRef left, ResourceRef right) => left.CompareTo(right) < 0;

    public static bool operator <=(ResourceRef left, ResourceRef right) => left.CompareTo(right) <= 0;

    public static bool operator >(ResourceRef left, ResourceRef right) => left.CompareTo(right) > 0;

    public static bool operator >=(ResourceRef left, ResourceRef right) => left.CompareTo(right) >= 0;
}

/// <summary>
/// The user objects that an element stems from, sorted and without doubles. It travels with the data to the acknowledgement
/// and is never part of a version hash: two equal resources of different origin have one version.
/// </summary>
public readonly record struct Origins
{
    private readonly EquatableArray<ResourceRef> refs;

    private Origins(EquatableArray<ResourceRef> refs) => this.refs = refs;

    public static Origins None => default;

    public EquatableArray<ResourceRef> Refs => refs;

    public static Origins Of(params IEnumerable<ResourceRef> refs) => new(refs.Distinct().Order().ToEquatableArray());

    public bool Contains(ResourceRef reference) => refs.Contains(reference);

    /// <summary>
    /// Who is to blame for what is wrong with an element that stems from these, when one that stems from <paramref name="good"/> is right:
    /// what is new. Where nothing is, it cannot be told apart, and somebody must hear of it: all.
    /// </summary>
    public Origins Culprits(Origins good)
    {
        var added = Of(refs.Where(reference => !good.Contains(reference)));
        return added.refs.IsEmpty ? this : added;
    }

    public override string ToString() => refs.ToString();
}
