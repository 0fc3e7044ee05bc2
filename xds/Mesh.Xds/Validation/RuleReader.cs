// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Mesh.Xds.Validation;

/// <summary>
/// Walks the fields that are set in a rules message and hands each to its compiler by name, so that a rule of a kind
/// nobody wrote a compiler for ends in <see cref="RuleSet.Unsupported"/> instead of being passed over.
/// </summary>
internal static class RuleReader
{
    /// <summary><paramref name="compile"/> gives null for a rule it does not know, an empty list for one that needs no check.</summary>
    public static RuleSet Read(
        string kind,
        IMessage rules,
        Func<string, object, IReadOnlyList<Rule>?> compile,
        Func<object, bool>? exempts = null)
    {
        var compiled = new List<Rule>();
        var unsupported = new List<string>();
        foreach (var (name, argument) in SetFields(rules))
        {
            if (compile(name, argument) is { } some)
            {
                compiled.AddRange(some);
            }
            else
            {
                unsupported.Add($"{kind}.{name}");
            }
        }

        return new RuleSet { Rules = compiled, Unsupported = unsupported, Exempts = exempts };
    }

    public static IEnumerable<(string Name, object Argument)> SetFields(IMessage rules) =>
        from field in rules.Descriptor.Fields.InFieldNumberOrder()
        where field.IsRepeated ? ((IList)field.Accessor.GetValue(rules)).Count > 0 : field.Accessor.HasValue(rules)
        select (field.Name, field.Accessor.GetValue(rules));
}
