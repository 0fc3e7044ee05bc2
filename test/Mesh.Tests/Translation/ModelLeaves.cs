// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Mesh.Model;

namespace Mesh.Tests.Translation;

/// <summary>One copy of a model element per leaf in it, with just that leaf changed.</summary>
internal static class ModelLeaves
{
    private static readonly string[] Namespaces = ["Mesh.Model.Settings", "Mesh.Model.Routing"];

    /// <param name="Property">The property that was changed, as <c>Type.Name</c>.</param>
    /// <param name="Value">The changed copy.</param>
    public sealed record Variant(string Property, object? Value);

    /// <summary>Every property with a value of its own: each must matter to some translation.</summary>
    public static IEnumerable<string> Properties() =>
        from type in typeof(MeshModel).Assembly.GetExportedTypes()
        where IsOfModel(type)
        from property in Writable(type)
        where !IsOfModel(property.PropertyType)
        select Name(property);

    public static IEnumerable<Variant> Of(object element)
    {
        foreach (var property in Writable(element.GetType()))
        {
            foreach (var variant in OfValue(property.GetValue(element), property.PropertyType, Name(property)))
            {
                yield return variant with { Value = With(element, property, variant.Value) };
            }
        }
    }

    private static IEnumerable<Variant> OfValue(object? value, Type type, string property)
    {
        if (value is null || type == typeof(Origins))
        {
            yield break;
        }

        if (IsArray(type))
        {
            foreach (var variant in OfArray((System.Collections.IEnumerable)value, type, property))
            {
                yield return variant;
            }

            yield break;
        }

        if (Flip(value) is { } flipped)
        {
            yield return new Variant(property, flipped);
            yield break;
        }

        foreach (var variant in Of(value))
        {
            yield return variant;
        }
    }

    private static IEnumerable<Variant> OfArray(System.Collections.IEnumerable value, Type type, string property)
    {
        var items = value.Cast<object>().ToList();
        if (items.Count == 0)
        {
            yield break;
        }

        yield return new Variant(property, Array(type, items.Skip(1)));
        for (var i = 0; i < items.Count; i++)
        {
            foreach (var variant in OfValue(items[i], type.GenericTypeArguments[0], property))
            {
                yield return variant with { Value = Array(type, [.. items[..i], variant.Value ?? items[i], .. items[(i + 1)..]]) };
            }
        }
    }

    private static object? Flip(object value) => value switch
    {
        string text => text + "x",
        bool flag => !flag,
        int number => number + 1,
        uint number => number + 1,
        TimeSpan span => span + TimeSpan.FromSeconds(1),
        ServicePortName port => port with { Port = port.Port + 1 },
        Enum member => Enum.GetValues(member.GetType()).Cast<object>().First(other => !other.Equals(member)),
        _ => null,
    };

    private static IEnumerable<PropertyInfo> Writable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null && p.PropertyType != typeof(Origins));

    private static bool IsOfModel(Type type) => type.IsClass && Namespaces.Contains(type.Namespace, StringComparer.Ordinal);

    private static string Name(PropertyInfo property) => $"{property.DeclaringType?.Name}.{property.Name}";

    private static bool IsArray(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EquatableArray<>);

    private static object With(object record, PropertyInfo property, object? value)
    {
        var copy = record.GetType().GetMethod("<Clone>$")?.Invoke(record, [])
            ?? throw new InvalidOperationException($"{record.GetType()} is no record class.");
        property.SetValue(copy, value);
        return copy;
    }

    private static object Array(Type type, IEnumerable<object> items)
    {
        var element = type.GenericTypeArguments[0];
        var typed = typeof(Enumerable).GetMethod(nameof(Enumerable.Cast))?.MakeGenericMethod(element).Invoke(null, [items]);
        return typeof(EquatableArray).GetMethod(nameof(EquatableArray.ToEquatableArray))?.MakeGenericMethod(element).Invoke(null, [typed])
            ?? throw new InvalidOperationException($"No array of {element}.");
    }
}
