// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Envoy.Config.Cluster.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mesh.Xds.Validation;
using Validate;

namespace Mesh.Tests.Validation;

/// <summary>Each rule kind with values on both sides of it.</summary>
internal sealed class ValueRulesTests
{
    [TestCaseSource(nameof(Strings))]
    [TestCaseSource(nameof(Formats))]
    [TestCaseSource(nameof(Headers))]
    public string? String_rules(StringRules rules, string value) => Broken(TextRules.Compile(rules), value);

    [TestCaseSource(nameof(Numbers))]
    public string? Number_rules(string kind, IMessage rules, object value) => Broken(NumberRules.Compile(kind, rules), value);

    [TestCaseSource(nameof(Times))]
    public string? Time_rules(string kind, IMessage rules, object value) => Broken(TimeRules.Compile(kind, rules), value);

    [TestCaseSource(nameof(Bytes))]
    public string? Bytes_rules(BytesRules rules, ByteString value) => Broken(ByteRules.Compile(rules), value);

    [TestCaseSource(nameof(Enums))]
    public string? Enum_rules(EnumRules rules, Cluster.Types.LbPolicy value) =>
        Broken(EnumerationRules.Compile(Cluster.Descriptor.FindFieldByName("lb_policy"), rules), value);

    [TestCaseSource(nameof(Collections))]
    public string? Collection_rules(FieldRules rules, ICollection value) => Broken(CollectionRules.Compile(rules), value);

    [TestCaseSource(nameof(Anys))]
    public string? Any_rules(AnyRules rules, string typeUrl) => Broken(TypeUrlRules.Compile(rules), new Any { TypeUrl = typeUrl });

    [TestCase(true, ExpectedResult = null)]
    [TestCase(false, ExpectedResult = "bool.const")]
    public string? Bool_rules(bool value) =>
        Broken(ValueRules.Compile(Cluster.Descriptor.FindFieldByName("name"), new FieldRules { Bool = new BoolRules { Const = true } }), value);

    [Test]
    public void A_violation_never_quotes_the_text_it_refuses()
    {
        var findings = new Findings();

        TextRules.Compile(new StringRules { MaxLen = 3 }).Check("secret", findings);

        Assert.That(findings.Violations, Is.EqualTo(new[] { new RuleViolation("", "string.max_len", "must have at most 3 characters") }));
    }

    private static IEnumerable<TestCaseData> Strings()
    {
        yield return Good(new StringRules { Const = "a" }, "a");
        yield return Bad(new StringRules { Const = "a" }, "b", "string.const");
        yield return Good(new StringRules { Len = 1 }, "\U0001F98A");
        yield return Bad(new StringRules { Len = 2 }, "\U0001F98A", "string.len");
        yield return Good(new StringRules { MinLen = 1 }, "a");
        yield return Bad(new StringRules { MinLen = 1 }, "", "string.min_len");
        yield return Good(new StringRules { MaxLen = 2 }, "éé");
        yield return Bad(new StringRules { MaxLen = 2 }, "ééé", "string.max_len");
        yield return Bad(new StringRules { LenBytes = 1 }, "é", "string.len_bytes");
        yield return Good(new StringRules { MinBytes = 2 }, "é");
        yield return Bad(new StringRules { MinBytes = 3 }, "é", "string.min_bytes");
        yield return Bad(new StringRules { MaxBytes = 3 }, "éé", "string.max_bytes");
        yield return Good(new StringRules { Pattern = "^$|^/[a-z]*" }, "/abc");
        yield return Bad(new StringRules { Pattern = "[a-z]" }, "a1", "string.pattern");
        yield return Bad(new StringRules { Pattern = "^[a-z]+$" }, "a\n", "string.pattern");
        yield return Good(new StringRules { Prefix = "/" }, "/a");
        yield return Bad(new StringRules { Prefix = "/" }, "a", "string.prefix");
        yield return Bad(new StringRules { Suffix = "/" }, "a", "string.suffix");
        yield return Bad(new StringRules { Contains = "-" }, "a", "string.contains");
        yield return Bad(new StringRules { NotContains = "-" }, "a-b", "string.not_contains");
        yield return Good(new StringRules { In = { "a", "b" } }, "b");
        yield return Bad(new StringRules { In = { "a", "b" } }, "c", "string.in");
        yield return Bad(new StringRules { NotIn = { "a" } }, "a", "string.not_in");
        yield return Good(new StringRules { MinLen = 2, IgnoreEmpty = true }, "");
        yield return Bad(new StringRules { MinLen = 2, IgnoreEmpty = true }, "a", "string.min_len");
    }

    private static IEnumerable<TestCaseData> Formats()
    {
        yield return Good(new StringRules { Ip = true }, "::1");
        yield return Bad(new StringRules { Ip = true }, "a", "string.ip");
        yield return Good(new StringRules { Ipv4 = true }, "10.0.0.1");
        yield return Bad(new StringRules { Ipv4 = true }, "10.1", "string.ipv4");
        yield return Bad(new StringRules { Ipv6 = true }, "10.0.0.1", "string.ipv6");
        yield return Good(new StringRules { Hostname = true }, "a-b.example");
        yield return Bad(new StringRules { Hostname = true }, "-a.example", "string.hostname");
        yield return Good(new StringRules { Address = true }, "a.example");
        yield return Bad(new StringRules { Address = true }, "a_b", "string.address");
        yield return Good(new StringRules { Email = true }, "a@b.example");
        yield return Bad(new StringRules { Email = true }, "a", "string.email");
        yield return Good(new StringRules { Uri = true }, "spiffe://td/a");
        yield return Bad(new StringRules { Uri = true }, "/a", "string.uri");
        yield return Good(new StringRules { UriRef = true }, "/a");
        yield return Good(new StringRules { Uuid = true }, "123e4567-e89b-12d3-a456-426614174000");
        yield return Bad(new StringRules { Uuid = true }, "123e4567", "string.uuid");
    }

    private static IEnumerable<TestCaseData> Headers()
    {
        const string Rule = "string.well_known_regex";
        yield return Good(Header(KnownRegex.HttpHeaderName, strict: true), ":path");
        yield return Bad(Header(KnownRegex.HttpHeaderName, strict: true), "a b", Rule);
        yield return Bad(Header(KnownRegex.HttpHeaderName, strict: true), "", Rule);
        yield return Good(Header(KnownRegex.HttpHeaderName, strict: false), "a b");
        yield return Good(Header(KnownRegex.HttpHeaderName, strict: false), "");
        yield return Bad(Header(KnownRegex.HttpHeaderName, strict: false), "a\nb", Rule);
        yield return Good(Header(KnownRegex.HttpHeaderValue, strict: true), "a\tb");
        yield return Bad(Header(KnownRegex.HttpHeaderValue, strict: true), "a\u007F", Rule);
        yield return Good(Header(KnownRegex.HttpHeaderValue, strict: false), "a\u007F");
        yield return Bad(Header(KnownRegex.HttpHeaderValue, strict: false), "a\rb", Rule);
    }

    private static IEnumerable<TestCaseData> Numbers()
    {
        yield return new TestCaseData("uint32", new UInt32Rules { Const = 1 }, 2u) { ExpectedResult = "uint32.const" };
        yield return new TestCaseData("uint32", new UInt32Rules { Lte = 65535 }, 65535u) { ExpectedResult = null };
        yield return new TestCaseData("uint32", new UInt32Rules { Lte = 65535 }, 65536u) { ExpectedResult = "uint32.lte" };
        yield return new TestCaseData("uint64", new UInt64Rules { Gt = 0 }, 0ul) { ExpectedResult = "uint64.gt" };
        yield return new TestCaseData("int32", new Int32Rules { Gte = 1, Lte = 2 }, 2) { ExpectedResult = null };
        yield return new TestCaseData("int32", new Int32Rules { Gte = 1, Lte = 2 }, 3) { ExpectedResult = "int32.gte+lte" };
        yield return new TestCaseData("int64", new Int64Rules { Gt = 9, Lt = 1 }, 10L) { ExpectedResult = null };
        yield return new TestCaseData("int64", new Int64Rules { Gt = 9, Lt = 1 }, 5L) { ExpectedResult = "int64.gt+lt" };
        yield return new TestCaseData("double", new DoubleRules { Gte = 0, Lt = 100 }, 100d) { ExpectedResult = "double.gte+lt" };
        yield return new TestCaseData("float", new FloatRules { Gte = 0.5f }, 0.25f) { ExpectedResult = "float.gte" };
        yield return new TestCaseData("sint32", new SInt32Rules { In = { 1, 3 } }, 2) { ExpectedResult = "sint32.in" };
        yield return new TestCaseData("fixed64", new Fixed64Rules { NotIn = { 1 } }, 1ul) { ExpectedResult = "fixed64.not_in" };
        yield return new TestCaseData("uint32", new UInt32Rules { Gte = 5, IgnoreEmpty = true }, 0u) { ExpectedResult = null };
        yield return new TestCaseData("uint32", new UInt32Rules { Gte = 5, IgnoreEmpty = true }, 4u) { ExpectedResult = "uint32.gte" };
    }

    private static IEnumerable<TestCaseData> Times()
    {
        yield return new TestCaseData("duration", new DurationRules { Gt = new Duration() }, new Duration { Nanos = 1 })
        {
            ExpectedResult = null,
        };
        yield return new TestCaseData("duration", new DurationRules { Gt = new Duration() }, new Duration())
        {
            ExpectedResult = "duration.gt",
        };
        yield return new TestCaseData("duration", new DurationRules { Gte = Millisecond, Lt = Minute }, Millisecond)
        {
            ExpectedResult = null,
        };
        yield return new TestCaseData("duration", new DurationRules { Gte = Millisecond, Lt = Minute }, Minute)
        {
            ExpectedResult = "duration.gte+lt",
        };
        yield return new TestCaseData("duration", new DurationRules { Const = Minute }, Millisecond) { ExpectedResult = "duration.const" };
        yield return new TestCaseData("duration", new DurationRules { In = { Minute } }, Millisecond) { ExpectedResult = "duration.in" };
        yield return new TestCaseData("duration", new DurationRules { NotIn = { Minute } }, Minute) { ExpectedResult = "duration.not_in" };
        yield return new TestCaseData("timestamp", new TimestampRules { Lte = new Timestamp { Seconds = 5 } }, new Timestamp { Seconds = 6 })
        {
            ExpectedResult = "timestamp.lte",
        };
    }

    private static Duration Millisecond => new() { Nanos = 1_000_000 };

    private static Duration Minute => new() { Seconds = 60 };

    private static IEnumerable<TestCaseData> Bytes()
    {
        yield return new TestCaseData(new BytesRules { MinLen = 1 }, ByteString.Empty) { ExpectedResult = "bytes.min_len" };
        yield return new TestCaseData(new BytesRules { MaxLen = 1 }, Data(1, 2)) { ExpectedResult = "bytes.max_len" };
        yield return new TestCaseData(new BytesRules { Len = 2 }, Data(1, 2)) { ExpectedResult = null };
        yield return new TestCaseData(new BytesRules { Prefix = Data(1) }, Data(2)) { ExpectedResult = "bytes.prefix" };
        yield return new TestCaseData(new BytesRules { Suffix = Data(1) }, Data(2)) { ExpectedResult = "bytes.suffix" };
        yield return new TestCaseData(new BytesRules { Contains = Data(1) }, Data(2)) { ExpectedResult = "bytes.contains" };
        yield return new TestCaseData(new BytesRules { Const = Data(1) }, Data(1)) { ExpectedResult = null };
        yield return new TestCaseData(new BytesRules { In = { Data(1) } }, Data(2)) { ExpectedResult = "bytes.in" };
        yield return new TestCaseData(new BytesRules { NotIn = { Data(1) } }, Data(1)) { ExpectedResult = "bytes.not_in" };
        yield return new TestCaseData(new BytesRules { Ipv4 = true }, Data(1)) { ExpectedResult = "bytes.ipv4" };
        yield return new TestCaseData(new BytesRules { Pattern = "^a+$" }, ByteString.CopyFromUtf8("b"))
        {
            ExpectedResult = "bytes.pattern",
        };
        yield return new TestCaseData(new BytesRules { MinLen = 2, IgnoreEmpty = true }, ByteString.Empty) { ExpectedResult = null };
    }

    private static IEnumerable<TestCaseData> Enums()
    {
        yield return new TestCaseData(new EnumRules { DefinedOnly = true }, Cluster.Types.LbPolicy.Maglev) { ExpectedResult = null };
        yield return new TestCaseData(new EnumRules { DefinedOnly = true }, (Cluster.Types.LbPolicy)99)
        {
            ExpectedResult = "enum.defined_only",
        };
        yield return new TestCaseData(new EnumRules { Const = 1 }, Cluster.Types.LbPolicy.Maglev) { ExpectedResult = "enum.const" };
        yield return new TestCaseData(new EnumRules { In = { 1 } }, Cluster.Types.LbPolicy.Maglev) { ExpectedResult = "enum.in" };
        yield return new TestCaseData(new EnumRules { NotIn = { 0 } }, Cluster.Types.LbPolicy.RoundRobin)
        {
            ExpectedResult = "enum.not_in",
        };
    }

    private static IEnumerable<TestCaseData> Collections()
    {
        yield return new TestCaseData(List(new RepeatedRules { MinItems = 1 }), Array.Empty<string>())
        {
            ExpectedResult = "repeated.min_items",
        };
        yield return new TestCaseData(List(new RepeatedRules { MinItems = 1, IgnoreEmpty = true }), Array.Empty<string>())
        {
            ExpectedResult = null,
        };
        yield return new TestCaseData(List(new RepeatedRules { MaxItems = 1 }), new[] { "a", "b" })
        {
            ExpectedResult = "repeated.max_items",
        };
        yield return new TestCaseData(List(new RepeatedRules { Unique = true }), new[] { "a", "a" }) { ExpectedResult = "repeated.unique" };
        yield return new TestCaseData(List(new RepeatedRules { Unique = true }), new[] { "a", "b" }) { ExpectedResult = null };
        yield return new TestCaseData(Map(new MapRules { MinPairs = 1 }), new Hashtable()) { ExpectedResult = "map.min_pairs" };
        yield return new TestCaseData(Map(new MapRules { MaxPairs = 0 }), new Hashtable { ["a"] = 1 }) { ExpectedResult = "map.max_pairs" };
        yield return new TestCaseData(Map(new MapRules { NoSparse = true }), new Hashtable { ["a"] = 1 }) { ExpectedResult = null };
    }

    private static IEnumerable<TestCaseData> Anys()
    {
        yield return new TestCaseData(new AnyRules { In = { "t/a" } }, "t/a") { ExpectedResult = null };
        yield return new TestCaseData(new AnyRules { In = { "t/a" } }, "t/b") { ExpectedResult = "any.in" };
        yield return new TestCaseData(new AnyRules { NotIn = { "t/a" } }, "t/a") { ExpectedResult = "any.not_in" };
    }

    private static StringRules Header(KnownRegex known, bool strict) => new() { WellKnownRegex = known, Strict = strict };

    private static FieldRules List(RepeatedRules rules) => new() { Repeated = rules };

    private static FieldRules Map(MapRules rules) => new() { Map = rules };

    private static ByteString Data(params byte[] bytes) => ByteString.CopyFrom(bytes);

    private static TestCaseData Good(StringRules rules, string value) => new(rules, value) { ExpectedResult = null };

    private static TestCaseData Bad(StringRules rules, string value, string rule) => new(rules, value) { ExpectedResult = rule };

    private static string? Broken(RuleSet rules, object value)
    {
        var findings = new Findings();
        rules.Check(value, findings);
        Assert.That(rules.Unsupported, Is.Empty);
        return findings.Violations.SingleOrDefault()?.Rule;
    }
}
