// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Validate;

namespace Mesh.Xds.Validation;

/// <summary>The rules of one field: presence first, then the value, its items or its pairs.</summary>
internal sealed class FieldChecker
{
    private readonly FieldDescriptor field;
    private readonly RequiredRule? required;
    private readonly RuleSet collection;
    private readonly ValueChecker value;
    private readonly ValueChecker? key;

    public FieldChecker(FieldDescriptor field)
    {
        this.field = field;
        var rules = field.GetOptions()?.GetExtension(ValidateExtensions.Rules);
        required = field.IsRepeated || field.FieldType != FieldType.Message ? null : RequiredRule.Of(rules);
        collection = field.IsRepeated ? CollectionRules.Compile(rules) : RuleSet.Empty;
        if (field.IsMap)
        {
            key = new ValueChecker(field.MessageType.FindFieldByNumber(1), rules?.Map?.Keys);
            value = new ValueChecker(field.MessageType.FindFieldByNumber(2), rules?.Map?.Values);
        }
        else
        {
            value = new ValueChecker(field, field.IsRepeated ? rules?.Repeated?.Items : rules);
        }
    }

    public bool HasWork => required is not null || collection.HasWork || value.HasWork || key is { HasWork: true };

    public IEnumerable<string> Unsupported => collection.Unsupported.Concat(value.Unsupported).Concat(key?.Unsupported ?? []);

    public void Check(IMessage message, Findings findings)
    {
        // The rules of a member of a oneof count only while it is the chosen one.
        if (field.ContainingOneof is not null && !field.Accessor.HasValue(message))
        {
            return;
        }

        findings.Enter(field.Name);
        var content = field.Accessor.GetValue(message);
        switch (content)
        {
            case null:
                required?.Report(findings);
                break;
            case IDictionary pairs when field.IsMap:
                CheckPairs(pairs, findings);
                break;
            case IList items when field.IsRepeated:
                CheckItems(items, findings);
                break;
            default:
                if (!field.HasPresence || field.Accessor.HasValue(message))
                {
                    value.Check(content, findings);
                }

                break;
        }

        findings.Leave();
    }

    private void CheckItems(IList items, Findings findings)
    {
        collection.Check(items, findings);
        if (!value.HasWork)
        {
            return;
        }

        for (var index = 0; index < items.Count; index++)
        {
            if (items[index] is { } item)
            {
                findings.Enter(index);
                value.Check(item, findings);
                findings.Leave();
            }
        }
    }

    private void CheckPairs(IDictionary pairs, Findings findings)
    {
        collection.Check(pairs, findings);
        if (!value.HasWork && key is not { HasWork: true })
        {
            return;
        }

        foreach (DictionaryEntry pair in pairs)
        {
            findings.EnterKey(pair.Key);
            key?.Check(pair.Key, findings);
            if (pair.Value is { } item)
            {
                value.Check(item, findings);
            }

            findings.Leave();
        }
    }
}
