// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;

namespace Mesh.Xds.Validation;

/// <summary>
/// lt, lte, gt, gte of one rules message belong together: with an upper bound not above the lower one they
/// allow what lies outside (the rule language says so), otherwise what lies between.
/// </summary>
internal sealed class RangeRule
{
    private readonly Comparison<object> compare;
    private readonly Func<object, string> show;
    private readonly Bound? lower;
    private readonly Bound? upper;

    private RangeRule(IMessage rules, Comparison<object> compare, Func<object, string> show)
    {
        this.compare = compare;
        this.show = show;
        var given = RuleReader.SetFields(rules).ToDictionary(rule => rule.Name, rule => rule.Argument, StringComparer.Ordinal);
        lower = Find(given, "gt", "gte");
        upper = Find(given, "lt", "lte");
    }

    public static IReadOnlyList<Rule> Compile(string kind, IMessage rules, Comparison<object> compare, Func<object, string> show) =>
        new RangeRule(rules, compare, show).Compile(kind);

    private IReadOnlyList<Rule> Compile(string kind)
    {
        if (lower is null && upper is null)
        {
            return [];
        }

        var isInverted = lower is not null && upper is not null && compare(upper.Value, lower.Value) <= 0;
        var wanted = string.Join(isInverted ? " or " : " and ", new[] { Show(lower, ">"), Show(upper, "<") }.OfType<string>());
        var name = string.Join('+', new[] { lower?.Rule, upper?.Rule }.OfType<string>());
        return [new Rule($"{kind}.{name}", value => Holds(value, isInverted) ? null : $"is {show(value)}, must be {wanted}")];
    }

    private bool Holds(object value, bool isInverted)
    {
        var isAbove = lower is null || Reaches(compare(value, lower.Value), lower.IsInclusive);
        var isBelow = upper is null || Reaches(compare(upper.Value, value), upper.IsInclusive);
        return isInverted ? isAbove || isBelow : isAbove && isBelow;
    }

    private string? Show(Bound? bound, string sign) => bound is null ? null : $"{sign}{(bound.IsInclusive ? "=" : "")} {show(bound.Value)}";

    private static bool Reaches(int comparison, bool isInclusive) => comparison > 0 || (isInclusive && comparison == 0);

    private static Bound? Find(Dictionary<string, object> given, string exclusive, string inclusive)
    {
        if (given.TryGetValue(exclusive, out var value))
        {
            return new Bound(exclusive, value, IsInclusive: false);
        }

        return given.TryGetValue(inclusive, out value) ? new Bound(inclusive, value, IsInclusive: true) : null;
    }

    private sealed record Bound(string Rule, object Value, bool IsInclusive);
}
