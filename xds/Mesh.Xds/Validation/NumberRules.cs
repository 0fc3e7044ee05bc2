// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Globalization;
using Google.Protobuf;

namespace Mesh.Xds.Validation;

/// <summary>All number kinds have rules of one shape. Value and bound are boxed from one protobuf type, so they compare directly.</summary>
internal static class NumberRules
{
    public static RuleSet Compile(string kind, IMessage rules)
    {
        var ignoresEmpty = RuleReader.SetFields(rules).Any(rule => rule is { Name: "ignore_empty", Argument: true });
        var set = RuleReader.Read(kind, rules, (name, argument) => CompileOne(kind, name, argument), ignoresEmpty ? IsZero : null);
        var range = RangeRule.Compile(kind, rules, (left, right) => ((IComparable)left).CompareTo(right), Show);
        return set with { Rules = [.. set.Rules, .. range] };
    }

    private static IReadOnlyList<Rule>? CompileOne(string kind, string name, object argument) => name switch
    {
        "lt" or "lte" or "gt" or "gte" or "ignore_empty" => [],
        "const" => [Rule.Demand($"{kind}.const", $"must be {Show(argument)}", value => Equals(value, argument))],
        "in" => [Rule.Demand($"{kind}.in", $"must be one of {ShowAll(argument)}", value => ((IList)argument).Contains(value))],
        "not_in" => [Rule.Demand($"{kind}.not_in", $"must be none of {ShowAll(argument)}", value => !((IList)argument).Contains(value))],
        _ => null,
    };

    private static bool IsZero(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture) == 0;

    private static string Show(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string ShowAll(object list) => string.Join(", ", ((IList)list).Cast<object>().Select(Show));
}
