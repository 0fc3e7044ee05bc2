// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Mesh.Crds.Schema;
using Mesh.Model;

namespace Mesh.Testing.Golden;

/// <summary>
/// A model as YAML for people to read. By reflection, so that a new part of the model is in every golden file without anybody's help.
/// What is null, empty or equal to its type's own default is left out; names and origins are text.
/// </summary>
internal static class ModelYaml
{
    /// <summary>What says nothing about the mesh: how often it was built, and from what.</summary>
    private static readonly string[] Bookkeeping = [nameof(MeshModel.Revision), nameof(MeshModel.Changes)];

    private static readonly string[] DefaultNames = ["Default", "None"];

    public static string Of(MeshModel model) => YamlText.Of((JsonObject)ToNode(model)!);

    private static JsonNode? ToNode(object? value) => value switch
    {
        null => null,
        string text => text.Length == 0 ? null : JsonValue.Create(text),
        bool flag => flag ? JsonValue.Create(flag) : null,
        int or uint or long or ulong or double => JsonValue.Create(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        Enum constant => JsonValue.Create(constant.ToString()),
        TimeSpan time => JsonValue.Create(string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds}s")),
        NodeName or ServiceName or ServicePortName or ResourceRef => JsonValue.Create(value.ToString()),
        Origins origins => ToNode(origins.Refs),
        IDictionary entries => OrNull(ToObject(entries.Cast<object>().Select(Entry))),
        IEnumerable items when OfPairs(items) is { } pairs => OrNull(ToObject(pairs)),
        IEnumerable items => ToArray(items),
        _ => ToObject(value),
    };

    private static IEnumerable<(string, object?)>? OfPairs(IEnumerable items)
    {
        var isDictionary = items.GetType().GetInterfaces()
            .Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));
        return isDictionary ? items.Cast<object>().Select(Entry) : null;
    }

    private static (string, object?) Entry(object pair)
    {
        var type = pair.GetType();
        return (type.GetProperty("Key")!.GetValue(pair)!.ToString()!, type.GetProperty("Value")!.GetValue(pair));
    }

    private static JsonArray? ToArray(IEnumerable items)
    {
        var array = new JsonArray([.. items.Cast<object?>().Select(ToNode)]);
        return array.Count == 0 ? null : array;
    }

    /// <summary>A record; an action also says which of the actions it is.</summary>
    private static JsonObject ToObject(object value)
    {
        var type = value.GetType();
        var fields = ToObject(type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.GetIndexParameters().Length == 0 && property.CanWrite && !Bookkeeping.Contains(property.Name))
            .Select(property => (Camel(property.Name), OrDefault(property.GetValue(value)))));
        return type.BaseType is { IsAbstract: true } ? new JsonObject { [Camel(type.Name)] = fields } : fields;
    }

    private static JsonObject ToObject(IEnumerable<(string Name, object? Value)> fields)
    {
        var result = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (ToNode(value) is { } node)
            {
                result[name] = node;
            }
        }

        return result;
    }

    /// <summary>Null for a value that its type calls its default.</summary>
    private static object? OrDefault(object? value) => value is not null && value.GetType()
        .GetProperties(BindingFlags.Static | BindingFlags.Public)
        .Any(property => DefaultNames.Contains(property.Name) && Equals(property.GetValue(null), value)) ? null : value;

    private static JsonObject? OrNull(JsonObject fields) => fields.Count == 0 ? null : fields;

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
