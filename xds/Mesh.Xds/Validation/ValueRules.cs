// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf.Reflection;
using Validate;

namespace Mesh.Xds.Validation;

/// <summary>Chooses the compiler for the kind of rule. On a wrapper (UInt32Value) the runtime hands us the wrapped value.</summary>
internal static class ValueRules
{
    public static RuleSet Compile(FieldDescriptor field, FieldRules? rules) => rules?.TypeCase switch
    {
        null or FieldRules.TypeOneofCase.None or FieldRules.TypeOneofCase.Repeated or FieldRules.TypeOneofCase.Map => RuleSet.Empty,
        FieldRules.TypeOneofCase.Float => NumberRules.Compile("float", rules.Float),
        FieldRules.TypeOneofCase.Double => NumberRules.Compile("double", rules.Double),
        FieldRules.TypeOneofCase.Int32 => NumberRules.Compile("int32", rules.Int32),
        FieldRules.TypeOneofCase.Int64 => NumberRules.Compile("int64", rules.Int64),
        FieldRules.TypeOneofCase.Uint32 => NumberRules.Compile("uint32", rules.Uint32),
        FieldRules.TypeOneofCase.Uint64 => NumberRules.Compile("uint64", rules.Uint64),
        FieldRules.TypeOneofCase.Sint32 => NumberRules.Compile("sint32", rules.Sint32),
        FieldRules.TypeOneofCase.Sint64 => NumberRules.Compile("sint64", rules.Sint64),
        FieldRules.TypeOneofCase.Fixed32 => NumberRules.Compile("fixed32", rules.Fixed32),
        FieldRules.TypeOneofCase.Fixed64 => NumberRules.Compile("fixed64", rules.Fixed64),
        FieldRules.TypeOneofCase.Sfixed32 => NumberRules.Compile("sfixed32", rules.Sfixed32),
        FieldRules.TypeOneofCase.Sfixed64 => NumberRules.Compile("sfixed64", rules.Sfixed64),
        FieldRules.TypeOneofCase.Bool => RuleReader.Read("bool", rules.Bool, CompileBool),
        FieldRules.TypeOneofCase.String => TextRules.Compile(rules.String),
        FieldRules.TypeOneofCase.Bytes => ByteRules.Compile(rules.Bytes),
        FieldRules.TypeOneofCase.Enum => EnumerationRules.Compile(field, rules.Enum),
        FieldRules.TypeOneofCase.Any => TypeUrlRules.Compile(rules.Any),
        FieldRules.TypeOneofCase.Duration => TimeRules.Compile("duration", rules.Duration),
        FieldRules.TypeOneofCase.Timestamp => TimeRules.Compile("timestamp", rules.Timestamp),
        _ => new RuleSet { Unsupported = [rules.TypeCase.ToString()] },
    };

    private static IReadOnlyList<Rule>? CompileBool(string name, object argument) => name switch
    {
        "const" => [Rule.Demand("bool.const", $"must be {argument}", value => Equals(value, argument))],
        _ => null,
    };
}
