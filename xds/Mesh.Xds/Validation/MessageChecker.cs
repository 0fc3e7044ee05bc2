// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Validate;

namespace Mesh.Xds.Validation;

/// <summary>The compiled rules of one message type: made once, then only delegates run.</summary>
internal sealed class MessageChecker
{
    private static readonly ConcurrentDictionary<MessageDescriptor, MessageChecker> Cache = new();

    private readonly FieldChecker[] fields;
    private readonly OneofDescriptor[] requiredOneofs;

    private MessageChecker(MessageDescriptor descriptor)
    {
        var exempt = IsExempt(descriptor);
        fields = exempt
            ? []
            : [.. descriptor.Fields.InDeclarationOrder().Select(field => new FieldChecker(field)).Where(checker => checker.HasWork)];
        requiredOneofs = exempt ? [] : [.. descriptor.Oneofs.Where(IsRequired)];
    }

    public IEnumerable<string> Unsupported => fields.SelectMany(checker => checker.Unsupported);

    public static MessageChecker For(MessageDescriptor descriptor) => Cache.GetOrAdd(descriptor, key => new MessageChecker(key));

    public static bool IsExempt(MessageDescriptor descriptor) =>
        descriptor.GetOptions() is { } options
        && (options.GetExtension(ValidateExtensions.Disabled) || options.GetExtension(ValidateExtensions.Ignored));

    public static bool IsRequired(OneofDescriptor oneof) =>
        oneof.GetOptions()?.GetExtension(ValidateExtensions.Required) ?? false;

    public void Check(IMessage message, Findings findings)
    {
        foreach (var oneof in requiredOneofs)
        {
            if (oneof.Accessor.GetCaseFieldDescriptor(message) is null)
            {
                findings.Enter(oneof.Name);
                findings.Add("oneof.required", $"must be set: one of {string.Join(", ", oneof.Fields.Select(field => field.Name))}");
                findings.Leave();
            }
        }

        foreach (var field in fields)
        {
            field.Check(message, findings);
        }
    }
}
