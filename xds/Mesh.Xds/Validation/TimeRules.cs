// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Mesh.Xds.Validation;

/// <summary>
/// Durations and timestamps. Rules that need a clock (lt_now, gt_now, within) are not supported: checks are pure. Nothing is
/// turned into a TimeSpan: its tick is 100 ns, and a protobuf duration may be 10 000 years.
/// </summary>
internal static class TimeRules
{
    public static RuleSet Compile(string kind, IMessage rules)
    {
        var set = RuleReader.Read(kind, rules, (name, argument) => CompileOne(kind, name, argument));
        return set with { Rules = [.. set.Rules, .. RangeRule.Compile(kind, rules, Compare, Show)] };
    }

    private static IReadOnlyList<Rule>? CompileOne(string kind, string name, object argument) => name switch
    {
        // required is about presence: see RequiredRule.
        "lt" or "lte" or "gt" or "gte" or "required" => [],
        "const" => [Rule.Demand($"{kind}.const", $"must be {Show(argument)}", value => Equals(value, argument))],
        "in" => [Rule.Demand($"{kind}.in", $"must be one of {ShowAll(argument)}", value => ((IList)argument).Contains(value))],
        "not_in" => [Rule.Demand($"{kind}.not_in", $"must be none of {ShowAll(argument)}", value => !((IList)argument).Contains(value))],
        _ => null,
    };

    private static int Compare(object left, object right) => Parts(left).CompareTo(Parts(right));

    private static (long Seconds, int Nanos) Parts(object value) => value switch
    {
        Duration duration => (duration.Seconds, duration.Nanos),
        Timestamp timestamp => (timestamp.Seconds, timestamp.Nanos),
        _ => throw new ArgumentException($"{value.GetType().Name} is neither Duration nor Timestamp", nameof(value)),
    };

    private static string Show(object value)
    {
        var (seconds, nanos) = Parts(value);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds + (nanos / 1_000_000_000m):0.#########}s");
    }

    private static string ShowAll(object list) => string.Join(", ", ((IList)list).Cast<object>().Select(Show));
}
