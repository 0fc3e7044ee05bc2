// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Validate;

namespace Mesh.Xds.Validation;

/// <summary>Rules of a whole list or map. Those of items, keys and values are compiled with the values.</summary>
internal static class CollectionRules
{
    public static RuleSet Compile(FieldRules? rules) => rules?.TypeCase switch
    {
        FieldRules.TypeOneofCase.Repeated =>
            RuleReader.Read("repeated", rules.Repeated, CompileOne("repeated", "items"), rules.Repeated.IgnoreEmpty ? IsEmpty : null),
        FieldRules.TypeOneofCase.Map =>
            RuleReader.Read("map", rules.Map, CompileOne("map", "pairs"), rules.Map.IgnoreEmpty ? IsEmpty : null),
        null or FieldRules.TypeOneofCase.None => RuleSet.Empty,
        _ => new RuleSet { Unsupported = [$"{rules.TypeCase} on a collection"] },
    };

    private static Func<string, object, IReadOnlyList<Rule>?> CompileOne(string kind, string things) => (name, argument) => name switch
    {
        "min_items" or "min_pairs" =>
            [Rule.Demand($"{kind}.{name}", $"must have at least {argument} {things}", value => Count(value) >= (ulong)argument)],
        "max_items" or "max_pairs" =>
            [Rule.Demand($"{kind}.{name}", $"must have at most {argument} {things}", value => Count(value) <= (ulong)argument)],
        "unique" when argument is true => [Rule.Demand("repeated.unique", "must not hold an item twice", HasNoTwins)],
        // A protobuf map of this runtime never holds a null value, which is all that no_sparse forbids.
        "unique" or "no_sparse" or "items" or "keys" or "values" or "ignore_empty" => [],
        _ => null,
    };

    private static bool IsEmpty(object collection) => ((ICollection)collection).Count == 0;

    private static ulong Count(object collection) => (ulong)((ICollection)collection).Count;

    private static bool HasNoTwins(object collection)
    {
        var seen = new HashSet<object>();
        return ((IList)collection).Cast<object>().All(seen.Add);
    }
}
