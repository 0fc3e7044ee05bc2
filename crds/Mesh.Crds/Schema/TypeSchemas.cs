// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using k8s.Models;
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.GatewayApi;

namespace Mesh.Crds.Schema;

/// <summary>C# types and their properties → schema nodes.</summary>
internal sealed class TypeSchemas(bool ignoresUnknownFields)
{
    public SchemaNode OfObject(Type type) => new()
    {
        Type = SchemaType.Object,
        TypeName = type.Name,
        TypeDescription = type.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "",
        Default = type.GetCustomAttribute<DefaultValueAttribute>() is { } value ? JsonText(value) : null,
        Rules = [.. type.GetCustomAttributes<ValidationRuleAttribute>().Select(ToRule)],
        Properties = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(OfProperty).OrderBy(p => p.Name, StringComparer.Ordinal)],
        UnsupportedFields = [.. type.GetCustomAttributes<UnsupportedFieldAttribute>().OrderBy(f => f.Name, StringComparer.Ordinal)],
        IgnoresUnknownFields = ignoresUnknownFields,
    };

    private SchemaProperty OfProperty(PropertyInfo property)
    {
        var node = OfType(property.PropertyType);
        var value = property.GetCustomAttribute<DefaultValueAttribute>();
        node = Constrain(node, property) with
        {
            Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "",
            Default = value is null ? node.Default : JsonText(value),
        };
        var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        return new SchemaProperty(name, node, property.GetCustomAttribute<RequiredAttribute>() is not null);
    }

    private SchemaNode OfType(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum)
        {
            return new SchemaNode { Type = SchemaType.String, TypeName = plain.Name, Enum = [.. Enum.GetNames(plain)] };
        }

        if (plain.IsGenericType)
        {
            var arguments = plain.GetGenericArguments();
            return plain.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
                ? new SchemaNode { Type = SchemaType.Map, Items = OfType(arguments[1]) }
                : new SchemaNode { Type = SchemaType.Array, Items = OfType(arguments[0]) };
        }

        return OfScalar(plain) ?? OfObject(plain);
    }

    private static SchemaNode? OfScalar(Type type) => type switch
    {
        _ when type == typeof(string) => new SchemaNode { Type = SchemaType.String },
        _ when type == typeof(bool) => new SchemaNode { Type = SchemaType.Boolean },
        _ when type == typeof(int) => new SchemaNode { Type = SchemaType.Integer, Format = "int32" },
        _ when type == typeof(long) => new SchemaNode { Type = SchemaType.Integer, Format = "int64" },
        _ when type == typeof(double) => new SchemaNode { Type = SchemaType.Number, Format = "double" },
        _ when type == typeof(DateTime) => new SchemaNode { Type = SchemaType.String, Format = "date-time" },
        _ when type == typeof(IntOrString) => new SchemaNode { Type = SchemaType.IntOrString },
        _ => null,
    };

    private static SchemaNode Constrain(SchemaNode node, PropertyInfo property)
    {
        var items = property.GetCustomAttribute<ItemsAttribute>();
        var rules = property.GetCustomAttributes<ValidationRuleAttribute>().Select(ToRule);
        var constrained = node with
        {
            Rules = [.. node.Rules, .. rules],
            MinItems = items is { MinItems: > 0 } ? (int?)items.MinItems : null,
            MaxItems = items is { MaxItems: >= 0 } ? (int?)items.MaxItems : null,
            ListMapKeys = [.. property.GetCustomAttribute<XListMapKeysAttribute>()?.Keys ?? []],
            IsSet = property.GetCustomAttribute<XListTypeAttribute>()?.ListType == XListType.Set,
        };

        // What is said of the values of an array is said of each of its elements.
        return constrained.Type == SchemaType.Array && constrained.Items is { } element
            ? constrained with { Items = ConstrainValue(element, property) }
            : ConstrainValue(constrained, property);
    }

    private static SchemaNode ConstrainValue(SchemaNode node, PropertyInfo property)
    {
        var length = property.GetCustomAttribute<LengthAttribute>();
        var constrained = node with
        {
            MinLength = length is { MinLength: > 0 } ? (int?)length.MinLength : null,
            MaxLength = length is { MaxLength: >= 0 } ? (int?)length.MaxLength : null,
            Pattern = property.GetCustomAttribute<PatternAttribute>()?.RegexPattern,
            Format = property.GetCustomAttribute<FormatAttribute>()?.Format ?? node.Format,
            Enum = [.. property.GetCustomAttribute<OneOfAttribute>()?.Values ?? node.Enum],
            UnsupportedValues = [.. property.GetCustomAttribute<UnsupportedValuesAttribute>()?.Values ?? []],
            Minimum = property.GetCustomAttribute<RangeMinimumAttribute>()?.Minimum,
            Maximum = property.GetCustomAttribute<RangeMaximumAttribute>()?.Maximum,
        };
        return property.GetCustomAttribute<DurationAttribute>() is { } duration ? AsDuration(constrained, duration) : constrained;
    }

    private static SchemaNode AsDuration(SchemaNode node, DurationAttribute duration) => node with
    {
        IsDuration = true,
        Pattern = GatewayDuration.Pattern,
        MaxLength = GatewayDuration.MaxLength,
        Rules = duration.IsPositive
            ? [.. node.Rules, new SchemaRule("duration(self) > duration('0s')", "must be longer than 0s")]
            : node.Rules,
    };

    private static SchemaRule ToRule(ValidationRuleAttribute rule) => new(rule.Rule, rule.Message ?? $"must satisfy: {rule.Rule}");

    private static string JsonText(DefaultValueAttribute value) =>
        value is { Json: true, Value: string json } ? json : JsonSerializer.Serialize(value.Value);
}
