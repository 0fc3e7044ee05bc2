// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Mesh.Testing;
using Mesh.Xds.Validation;
using Validate;

namespace Mesh.Tests.Validation;

internal sealed class RuleSupportTests
{
    [Test]
    public void Every_rule_in_the_descriptor_set_is_supported()
    {
        var fields = AllMessages().SelectMany(message => message.Fields.InDeclarationOrder()).ToList();

        var unsupported = fields.SelectMany(field => new FieldChecker(field).Unsupported.Select(rule => $"{field.FullName}: {rule}"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(unsupported, Is.Empty);
            Assert.That(fields.Count(HasRules), Is.GreaterThan(1000));
        }
    }

    [Test]
    public void A_rule_that_needs_a_clock_is_reported_as_unsupported()
    {
        var rules = TimeRules.Compile("timestamp", new TimestampRules { LtNow = true });

        Assert.That(rules.Unsupported, Is.EqualTo(new[] { "timestamp.lt_now" }));
    }

    private static bool HasRules(FieldDescriptor field) => field.GetOptions()?.GetExtension(ValidateExtensions.Rules) is not null;

    /// <summary>Of the whole set, also of the files that no C# is generated for.</summary>
    private static IEnumerable<MessageDescriptor> AllMessages()
    {
        var registry = new ExtensionRegistry
        {
            ValidateExtensions.Disabled, ValidateExtensions.Ignored, ValidateExtensions.Required, ValidateExtensions.Rules,
        };
        var set = FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(PinnedEnvoy.DescriptorSet));
        var files = FileDescriptor.BuildFromByteStrings(set.File.Select(file => file.ToByteString()), registry);
        return files.SelectMany(file => file.MessageTypes).SelectMany(WithNested);
    }

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) =>
        message.NestedTypes.SelectMany(WithNested).Prepend(message);
}
