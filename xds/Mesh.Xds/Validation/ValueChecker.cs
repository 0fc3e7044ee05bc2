// SPDX-License-Identifier: Apache-2.0
using Envoy.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Validate;

namespace Mesh.Xds.Validation;

/// <summary>One value (a field's, an item's, a map key's): its own rules, then the rules of the message that it is.</summary>
internal sealed class ValueChecker
{
    private readonly RuleSet rules;
    private readonly MessageDescriptor? nested;
    private readonly bool isAny;

    public ValueChecker(FieldDescriptor field, FieldRules? fieldRules)
    {
        rules = ValueRules.Compile(field, fieldRules);
        if (field.FieldType != FieldType.Message || fieldRules is { Message.Skip: true })
        {
            return;
        }

        isAny = field.MessageType.FullName == Any.Descriptor.FullName;
        nested = !isAny && RuleReach.HasRules(field.MessageType) ? field.MessageType : null;
    }

    public bool HasWork => rules.HasWork || isAny || nested is not null;

    public IEnumerable<string> Unsupported => rules.Unsupported;

    public void Check(object value, Findings findings)
    {
        rules.Check(value, findings);
        if (isAny)
        {
            CheckPacked((Any)value, findings);
        }
        else if (nested is not null)
        {
            MessageChecker.For(nested).Check((IMessage)value, findings);
        }
    }

    private static void CheckPacked(Any packed, Findings findings)
    {
        // A type that is not ours to know is not ours to judge either.
        if (EnvoyTypes.Registry.Find(Any.GetTypeName(packed.TypeUrl)) is not { } type || !RuleReach.HasRules(type))
        {
            return;
        }

        IMessage content;
        try
        {
            content = type.Parser.ParseFrom(packed.Value);
        }
        catch (InvalidProtocolBufferException)
        {
            findings.Add("any.value", $"must hold a {type.FullName}, as its type URL says");
            return;
        }

        if (content is Any inner)
        {
            CheckPacked(inner, findings);
        }
        else
        {
            MessageChecker.For(type).Check(content, findings);
        }
    }
}
