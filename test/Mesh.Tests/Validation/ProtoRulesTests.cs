// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Accesslog.V3;
using Envoy.Config.Core.V3;
using Envoy.Data.Accesslog.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mesh.Xds.Validation;

namespace Mesh.Tests.Validation;

internal sealed class ProtoRulesTests
{
    [Test]
    public void A_valid_configuration_has_no_violation()
    {
        Assert.That(ProtoRules.Check(new SampleBootstrap().Build()), Is.Empty);
    }

    [TestCaseSource(typeof(SpoiledBootstraps))]
    public void A_spoiled_configuration_has_that_one_violation(Action<SampleBootstrap> spoil, string path, string rule)
    {
        var sample = new SampleBootstrap();
        spoil(sample);

        var violations = ProtoRules.Check(sample.Build());

        Assert.That(violations.Select(violation => (violation.Path, violation.Rule)), Is.EqualTo(new[] { (path, rule) }));
    }

    [Test]
    public void A_message_names_what_is_wrong_and_what_would_be_right()
    {
        var violations = ProtoRules.Check(new SocketAddress { Address = "127.0.0.1", PortValue = 70000 });

        Assert.That(violations, Is.EqualTo(new[] { new RuleViolation("port_value", "uint32.lte", "is 70000, must be <= 65535") }));
    }

    [Test]
    public void A_wrapped_value_is_held_against_the_rule_only_when_it_is_there()
    {
        var absent = ProtoRules.Check(new Http2ProtocolOptions());
        var zero = ProtoRules.Check(new Http2ProtocolOptions { MaxConcurrentStreams = 0 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(absent, Is.Empty);
            Assert.That(zero, Is.EqualTo(new[]
            {
                new RuleViolation("max_concurrent_streams", "uint32.gte+lte", "is 0, must be >= 1 and <= 2147483647"),
            }));
        }
    }

    [Test]
    public void A_member_of_a_oneof_is_not_held_against_its_rule_when_another_is_chosen()
    {
        var source = new DataSource { InlineString = "" };

        Assert.That(ProtoRules.Check(source), Is.Empty);
    }

    [Test]
    public void Items_of_a_list_of_enums_are_held_against_the_rule_of_items()
    {
        var filter = new LogTypeFilter { Types_ = { AccessLogType.TcpPeriodic, (AccessLogType)99 } };

        Assert.That(
            ProtoRules.Check(filter).Select(violation => (violation.Path, violation.Rule)),
            Is.EqualTo(new[] { ("types[1]", "enum.defined_only") }));
    }

    [Test]
    public void A_skipped_message_is_not_entered()
    {
#pragma warning disable CS0612 // The only field of the API with this rule is deprecated.
        var append = new KeyValueAppend { Entry = new KeyValue() };
#pragma warning restore CS0612

        Assert.That(ProtoRules.Check(append).Select(violation => violation.Path), Has.None.StartsWith("entry."));
    }

    [Test]
    public void An_Any_of_an_unknown_type_is_not_judged()
    {
        var extension = new TypedExtensionConfig { Name = "x", TypedConfig = new Any { TypeUrl = "type.googleapis.com/not.ours" } };

        Assert.That(ProtoRules.Check(extension), Is.Empty);
    }

    [Test]
    public void An_Any_whose_bytes_are_not_of_its_type_is_refused()
    {
        var extension = new TypedExtensionConfig
        {
            Name = "x",
            TypedConfig = new Any { TypeUrl = "type.googleapis.com/envoy.config.core.v3.Address", Value = ByteString.CopyFrom(0x0A, 0x7F) },
        };

        Assert.That(
            ProtoRules.Check(extension),
            Is.EqualTo(new[]
            {
                new RuleViolation("typed_config", "any.value", "must hold a envoy.config.core.v3.Address, as its type URL says"),
            }));
    }

    [Test]
    public void Required_in_the_spelling_of_Any_holds_for_a_field_of_another_type()
    {
        var source = new ExtensionConfigSource { TypeUrls = { "t" } };

        Assert.That(
            ProtoRules.Check(source).Select(violation => (violation.Path, violation.Rule)),
            Is.EqualTo(new[] { ("config_source", "any.required") }));
    }

    [Test]
    public void Types_without_any_rule_below_them_are_not_walked()
    {
        Assert.That(
            new[] { Struct.Descriptor, Duration.Descriptor, Address.Descriptor, Any.Descriptor }.Select(RuleReach.HasRules),
            Is.EqualTo(new[] { false, false, true, true }));
    }
}
