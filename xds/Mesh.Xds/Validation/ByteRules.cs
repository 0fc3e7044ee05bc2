// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Text;
using Google.Protobuf;
using Validate;

namespace Mesh.Xds.Validation;

internal static class ByteRules
{
    private const int Ipv4Length = 4;
    private const int Ipv6Length = 16;

    public static RuleSet Compile(BytesRules rules) =>
        RuleReader.Read("bytes", rules, CompileOne, rules.IgnoreEmpty ? value => ((ByteString)value).IsEmpty : null);

    private static IReadOnlyList<Rule>? CompileOne(string name, object argument) => name switch
    {
        "len" => [Demand(name, $"must have {argument} bytes", bytes => (ulong)bytes.Length == (ulong)argument)],
        "min_len" => [Demand(name, $"must have at least {argument} bytes", bytes => (ulong)bytes.Length >= (ulong)argument)],
        "max_len" => [Demand(name, $"must have at most {argument} bytes", bytes => (ulong)bytes.Length <= (ulong)argument)],
        "const" => [Demand(name, "must be the constant of the rule", bytes => bytes.Equals((ByteString)argument))],
        "prefix" => [Demand(name, "must start as the rule says", bytes => bytes.Span.StartsWith(((ByteString)argument).Span))],
        "suffix" => [Demand(name, "must end as the rule says", bytes => bytes.Span.EndsWith(((ByteString)argument).Span))],
        "contains" => [Demand(name, "must contain the bytes of the rule", bytes => bytes.Span.IndexOf(((ByteString)argument).Span) >= 0)],
        "in" => [Demand(name, "must be one of the rule's values", bytes => ((IList)argument).Contains(bytes))],
        "not_in" => [Demand(name, "must be none of the rule's values", bytes => !((IList)argument).Contains(bytes))],
        "pattern" => [Matching((string)argument)],
        "ip" or "ipv4" or "ipv6" or "ignore_empty" when argument is false => [],
        "ip" => [Demand(name, "must be an IP address: 4 or 16 bytes", bytes => bytes.Length is Ipv4Length or Ipv6Length)],
        "ipv4" => [Demand(name, "must be an IPv4 address: 4 bytes", bytes => bytes.Length == Ipv4Length)],
        "ipv6" => [Demand(name, "must be an IPv6 address: 16 bytes", bytes => bytes.Length == Ipv6Length)],
        "ignore_empty" => [],
        _ => null,
    };

    private static Rule Matching(string pattern)
    {
        var regex = TextRules.WholeMatch(pattern);
        return Demand("pattern", $"must match {pattern}", bytes => regex.IsMatch(Encoding.UTF8.GetString(bytes.Span)));
    }

    private static Rule Demand(string name, string message, Func<ByteString, bool> isRight) =>
        Rule.Demand($"bytes.{name}", message, value => isRight((ByteString)value));
}
