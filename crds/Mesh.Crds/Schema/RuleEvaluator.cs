// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cel;

namespace Mesh.Crds.Schema;

/// <summary>Evaluates the CEL rules of schemas, as far as the CEL library knows the functions that the API server has.</summary>
internal static partial class RuleEvaluator
{
    private static readonly ConcurrentDictionary<string, CelProgramDelegate?> Programs = new(StringComparer.Ordinal);

    /// <summary>The library does not promise that compiling and running may overlap.</summary>
    private static readonly Lock Gate = new();

    /// <summary>Names that CEL keeps for itself; the API server escapes fields of such names so.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop", "namespace", "null",
        "package", "return", "true", "var", "void", "while",
    };

    /// <summary>False: only the API server judges by this rule.</summary>
    public static bool CanEvaluate(SchemaRule rule) => ProgramOf(rule) is not null;

    /// <summary>True as well where the rule cannot be evaluated here.</summary>
    public static bool Holds(SchemaRule rule, SchemaNode schema, JsonNode value)
    {
        if (ProgramOf(rule) is not { } program)
        {
            return true;
        }

        var variables = new Dictionary<string, object?>(StringComparer.Ordinal) { ["self"] = ToCel(schema, value) };
        lock (Gate)
        {
            try
            {
                return program.Invoke(variables) is not false;
            }
            catch (CelUnboundFunctionException)
            {
                return true;
            }
            catch (CelException)
            {
                // As on the API server: what a rule cannot be applied to does not satisfy it.
                return false;
            }
        }
    }

    private static CelProgramDelegate? ProgramOf(SchemaRule rule) => Programs.GetOrAdd(rule.Rule, static text =>
    {
        lock (Gate)
        {
            try
            {
                return new CelEnvironment(null, null).Compile(Has().Replace(text, "('${field}' in ${object})"));
            }
            catch (CelException)
            {
                return null;
            }
        }
    });

    private static object? ToCel(SchemaNode schema, JsonNode? value) => schema.Type switch
    {
        SchemaType.Object => Fields(value, name => schema.Find(name)?.Schema),
        SchemaType.Map => Fields(value, _ => schema.Items),
        SchemaType.Array => value is JsonArray array && schema.Items is { } items ? array.Select(item => ToCel(items, item)).ToArray() : null,
        SchemaType.String => value?.GetValue<string>(),
        SchemaType.Integer => value?.GetValue<long>(),
        SchemaType.Number => value?.GetValue<double>(),
        SchemaType.Boolean => value?.GetValue<bool>(),
        SchemaType.IntOrString => JsonScalars.TryText(value, out var text) ? text : value?.GetValue<long>(),
    };

    private static Dictionary<string, object?> Fields(JsonNode? value, Func<string, SchemaNode?> schemaOf)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, field) in value as JsonObject ?? [])
        {
            if (schemaOf(name) is { } schema)
            {
                fields[Reserved.Contains(name) ? $"__{name}__" : name] = ToCel(schema, field);
            }
        }

        return fields;
    }

    /// <summary>The library's <c>has</c> takes an empty string for absent; the API server's does not, and objects are maps here.</summary>
    [GeneratedRegex(@"\bhas\((?<object>[\w.]+)\.(?<field>\w+)\)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Has();
}
