// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Text;
using System.Text.RegularExpressions;
using Validate;

namespace Mesh.Xds.Validation;

/// <summary>Lengths count code points, and byte lengths UTF-8, as in Envoy; never UTF-16 units.</summary>
internal static class TextRules
{
    public static RuleSet Compile(StringRules rules) =>
        RuleReader.Read(
            "string",
            rules,
            (name, argument) => CompileLength(name, argument) ?? CompileContent(name, argument) ?? CompileFormat(rules, name, argument),
            rules.IgnoreEmpty ? value => ((string)value).Length == 0 : null);

    /// <summary>RE2's FullMatch: the whole text, whatever anchors the pattern has. The patterns are Envoy's own, not a user's.</summary>
    public static Regex WholeMatch(string pattern) =>
        new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);

    private static IReadOnlyList<Rule>? CompileLength(string name, object argument) => name switch
    {
        "len" => [Demand(name, $"must have {argument} characters", text => Runes(text) == (ulong)argument)],
        "min_len" => [Demand(name, $"must have at least {argument} characters", text => Runes(text) >= (ulong)argument)],
        "max_len" => [Demand(name, $"must have at most {argument} characters", text => Runes(text) <= (ulong)argument)],
        "len_bytes" => [Demand(name, $"must have {argument} bytes", text => Bytes(text) == (ulong)argument)],
        "min_bytes" => [Demand(name, $"must have at least {argument} bytes", text => Bytes(text) >= (ulong)argument)],
        "max_bytes" => [Demand(name, $"must have at most {argument} bytes", text => Bytes(text) <= (ulong)argument)],
        _ => null,
    };

    private static IReadOnlyList<Rule>? CompileContent(string name, object argument) => name switch
    {
        "const" => [Demand(name, $"must be \"{argument}\"", text => text == (string)argument)],
        "prefix" => [Demand(name, $"must start with \"{argument}\"", text => text.StartsWith((string)argument, StringComparison.Ordinal))],
        "suffix" => [Demand(name, $"must end with \"{argument}\"", text => text.EndsWith((string)argument, StringComparison.Ordinal))],
        "contains" => [Demand(name, $"must contain \"{argument}\"", text => text.Contains((string)argument, StringComparison.Ordinal))],
        "not_contains" =>
            [Demand(name, $"must not contain \"{argument}\"", text => !text.Contains((string)argument, StringComparison.Ordinal))],
        "in" => [Demand(name, $"must be one of {Show(argument)}", text => ((IList)argument).Contains(text))],
        "not_in" => [Demand(name, $"must be none of {Show(argument)}", text => !((IList)argument).Contains(text))],
        "pattern" => [Matching(name, (string)argument)],
        "ignore_empty" => [],
        _ => null,
    };

    private static IReadOnlyList<Rule>? CompileFormat(StringRules rules, string name, object argument) => name switch
    {
        // Says which regular expression well_known_regex means; alone it is no rule.
        "strict" => [],
        "well_known_regex" => HeaderRules.Compile(rules.WellKnownRegex, rules.Strict),
        "email" or "hostname" or "ip" or "ipv4" or "ipv6" or "uri" or "uri_ref" or "address" or "uuid" when argument is false => [],
        "email" => [Demand(name, "must be an e-mail address", TextFormats.IsEmail)],
        "hostname" => [Demand(name, "must be a host name", TextFormats.IsHostname)],
        "ip" => [Demand(name, "must be an IP address", TextFormats.IsIp)],
        "ipv4" => [Demand(name, "must be an IPv4 address", TextFormats.IsIpv4)],
        "ipv6" => [Demand(name, "must be an IPv6 address", TextFormats.IsIpv6)],
        "uri" => [Demand(name, "must be an absolute URI", TextFormats.IsUri)],
        "uri_ref" => [Demand(name, "must be a URI reference", TextFormats.IsUriReference)],
        "address" => [Demand(name, "must be an IP address or a host name", text => TextFormats.IsIp(text) || TextFormats.IsHostname(text))],
        "uuid" => [Demand(name, "must be a UUID", TextFormats.IsUuid)],
        _ => null,
    };

    private static Rule Matching(string name, string pattern)
    {
        var regex = WholeMatch(pattern);
        return Demand(name, $"must match {pattern}", regex.IsMatch);
    }

    private static Rule Demand(string name, string message, Func<string, bool> isRight) =>
        Rule.Demand($"string.{name}", message, value => isRight((string)value));

    private static ulong Runes(string text) => (ulong)text.EnumerateRunes().Count();

    private static ulong Bytes(string text) => (ulong)Encoding.UTF8.GetByteCount(text);

    private static string Show(object texts) => string.Join(", ", ((IList)texts).Cast<string>());
}
