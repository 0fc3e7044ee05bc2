// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Google.Protobuf.WellKnownTypes;
using Validate;

namespace Mesh.Xds.Validation;

/// <summary>What an Any may hold. "required" is about presence (RequiredRule); Envoy puts it on fields of other types, too.</summary>
internal static class TypeUrlRules
{
    public static RuleSet Compile(AnyRules rules) => RuleReader.Read("any", rules, CompileOne);

    private static IReadOnlyList<Rule>? CompileOne(string name, object argument) => name switch
    {
        "required" => [],
        "in" => [Rule.Demand("any.in", $"must hold one of {Show(argument)}", value => ((IList)argument).Contains(((Any)value).TypeUrl))],
        "not_in" =>
            [Rule.Demand("any.not_in", $"must hold none of {Show(argument)}", value => !((IList)argument).Contains(((Any)value).TypeUrl))],
        _ => null,
    };

    private static string Show(object typeUrls) => string.Join(", ", ((IList)typeUrls).Cast<string>());
}
