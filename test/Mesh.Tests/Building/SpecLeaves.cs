// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Reflection;
using Mesh.Crds.Schema;

namespace Mesh.Tests.Building;

/// <summary>A copy of a spec in which one leaf has another value.</summary>
/// <param name="Leaf">The leaf as "Type.Property".</param>
/// <param name="Path">Where it stands.</param>
/// <param name="Spec">The changed copy.</param>
internal sealed record Flip(string Leaf, string Path, object Spec);

/// <summary>Walks the leaves of spec types and values by reflection.</summary>
internal static class SpecLeaves
{
    /// <summary>Every leaf that a type can have, as "Type.Property".</summary>
    public static SortedSet<string> Of(Type type)
    {
        var leaves = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var property in Properties(type))
        {
            var content = ElementOf(property.PropertyType) ?? Plain(property.PropertyType);
            if (IsLeaf(content))
            {
                leaves.Add(NameOf(property));
            }
            else
            {
                leaves.UnionWith(Of(content));
            }
        }

        return leaves;
    }

    public static IEnumerable<Flip> Flips(object spec, string path = "spec")
    {
        foreach (var property in Properties(spec.GetType()))
        {
            var at = $"{path}.{property.Name}";
            foreach (var (leaf, place, value) in Changed(property, property.GetValue(spec), at))
            {
                yield return new Flip(leaf, place, With(spec, property, value));
            }
        }
    }

    private static IEnumerable<(string Leaf, string Path, object Value)> Changed(PropertyInfo property, object? value, string path)
    {
        if (value is null)
        {
            yield break;
        }

        if (ElementOf(property.PropertyType) is { } element)
        {
            var items = ((IEnumerable)value).Cast<object>().ToArray();
            for (var i = 0; i < items.Length; i++)
            {
                foreach (var (leaf, place, item) in Alternatives(property, items[i], $"{path}[{i}]"))
                {
                    var copy = Array.CreateInstance(element, items.Length);
                    Array.Copy(items, copy, items.Length);
                    copy.SetValue(item, i);
                    yield return (leaf, place, copy);
                }
            }

            yield break;
        }

        foreach (var alternative in Alternatives(property, value, path))
        {
            yield return alternative;
        }
    }

    private static IEnumerable<(string Leaf, string Path, object Value)> Alternatives(PropertyInfo property, object value, string path) =>
        IsLeaf(value.GetType())
            ? [(NameOf(property), path, Other(property, value))]
            : Flips(value, path).Select(flip => (flip.Leaf, flip.Path, flip.Spec));

    private static object Other(PropertyInfo property, object value) => value switch
    {
        string when property.GetCustomAttribute<DurationAttribute>() is not null => "7s",
        string text => text + "x",
        int number => number + 1,
        double number => number / 2,
        Enum => Enum.GetValues(value.GetType()).Cast<object>().First(other => !other.Equals(value)),
        _ => throw new NotSupportedException($"No other value is known for {value.GetType()}"),
    };

    private static object With(object record, PropertyInfo property, object value)
    {
        var copy = record.GetType().GetMethod("<Clone>$")?.Invoke(record, null)
            ?? throw new NotSupportedException($"{record.GetType()} is no record");
        property.SetValue(copy, value);
        return copy;
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    private static string NameOf(PropertyInfo property) => $"{property.ReflectedType?.Name}.{property.Name}";

    private static bool IsLeaf(Type type) => type == typeof(string) || type.IsPrimitive || type.IsEnum;

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;
}
