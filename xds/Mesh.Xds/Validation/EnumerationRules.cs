// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Google.Protobuf.Reflection;
using Validate;

namespace Mesh.Xds.Validation;

internal static class EnumerationRules
{
    public static RuleSet Compile(FieldDescriptor field, EnumRules rules) =>
        RuleReader.Read("enum", rules, (name, argument) => CompileOne(field.EnumType, name, argument));

    private static IReadOnlyList<Rule>? CompileOne(EnumDescriptor type, string name, object argument) => name switch
    {
        "const" => [Rule.Demand("enum.const", $"must be {Name(type, (int)argument)}", value => (int)value == (int)argument)],
        "in" =>
            [Rule.Demand("enum.in", $"must be one of {Names(type, argument)}", value => ((IList)argument).Contains((int)value))],
        "not_in" =>
            [Rule.Demand("enum.not_in", $"must be none of {Names(type, argument)}", value => !((IList)argument).Contains((int)value))],
        "defined_only" when argument is true =>
            [Rule.Demand("enum.defined_only", $"must be a value of {type.FullName}", value => type.FindValueByNumber((int)value) is not null)],
        "defined_only" => [],
        _ => null,
    };

    private static string Name(EnumDescriptor type, int number) => type.FindValueByNumber(number)?.Name ?? $"{number}";

    private static string Names(EnumDescriptor type, object numbers) =>
        string.Join(", ", ((IList)numbers).Cast<int>().Select(number => Name(type, number)));
}
