// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Mesh.Crds.Schema;

/// <summary>Checks a list as a whole.</summary>
internal static class ListChecks
{
    public static bool HasRightCount(SchemaNode schema, int count, Action<string> report)
    {
        if (count < schema.MinItems)
        {
            report(schema.MinItems == 1 ? "must not be empty" : $"must have at least {schema.MinItems} elements, has {count}");
            return false;
        }

        if (count > schema.MaxItems)
        {
            report($"must have at most {schema.MaxItems} elements, has {count}");
            return false;
        }

        return true;
    }

    public static void CheckDistinct(SchemaNode schema, JsonArray list, Action<int, string> report)
    {
        if (!schema.IsSet && schema.ListMapKeys.IsEmpty)
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
        {
            var identity = schema.IsSet ? list[i]?.ToJsonString() : Identity(schema, list[i] as JsonObject);
            if (identity is not null && !seen.Add(identity))
            {
                report(i, schema.IsSet ? $"is given twice: {Words.Of(list[i])}" : $"an earlier element has the same {string.Join(" and ", schema.ListMapKeys)}");
            }
        }
    }

    /// <summary>Null where the element is already known to be wrong.</summary>
    private static string? Identity(SchemaNode schema, JsonObject? element) =>
        element is null || !schema.ListMapKeys.All(element.ContainsKey)
            ? null
            : string.Join('\0', schema.ListMapKeys.Select(key => element[key]?.ToJsonString()));
}
