// SPDX-License-Identifier: Apache-2.0
using Validate;

namespace Mesh.Xds.Validation;

/// <summary>
/// The two well-known expressions of the rule language: strict ones (RFC 7230), and for both the same lax one, which only
/// refuses what would end a header and takes an empty name (Envoy accepts an empty RouteConfiguration.vhost_header by it).
/// </summary>
internal static class HeaderRules
{
    private const string StrictName = @"^:?[0-9a-zA-Z!#$%&'*+-.^_|~`]+$";
    private const string StrictValue = @"^[^\x00-\x08\n-\x1f\x7f]*$";
    private const string Lax = @"^[^\x00\n\r]*$";

    public static IReadOnlyList<Rule>? Compile(KnownRegex known, bool strict) => known switch
    {
        KnownRegex.HttpHeaderName => [Matching("HTTP header name", strict ? StrictName : Lax)],
        KnownRegex.HttpHeaderValue => [Matching("HTTP header value", strict ? StrictValue : Lax)],
        KnownRegex.Unknown => [],
        _ => null,
    };

    private static Rule Matching(string thing, string pattern)
    {
        var regex = TextRules.WholeMatch(pattern);
        return Rule.Demand("string.well_known_regex", $"must be an {thing}: {pattern}", value => regex.IsMatch((string)value));
    }
}
