// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Crds.GatewayApi;

namespace Mesh.Crds.Schema;

/// <summary>Checks a string's content.</summary>
internal static class TextChecks
{
    private static readonly string[] DateTimes = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static void Check(SchemaNode schema, string text, Action<string> report)
    {
        if (schema.Enum.Length > 0)
        {
            if (!schema.Enum.Contains(text, StringComparer.Ordinal))
            {
                report(Words.UnknownValue(schema, text));
            }

            return;
        }

        if (schema.IsDuration)
        {
            CheckDuration(text, report);
            return;
        }

        if (!HasRightLength(schema, text, report))
        {
            return;
        }

        if (schema.Pattern is { } pattern && !Re2.Compile(pattern).IsMatch(text))
        {
            report($"{Words.Quote(text, 60)} is not allowed: {Expected(pattern)}");
        }

        CheckFormat(schema.Format, text, report);
    }

    private static bool HasRightLength(SchemaNode schema, string text, Action<string> report)
    {
        // Kubernetes counts code points.
        var length = schema.MinLength is null && schema.MaxLength is null ? 0 : text.EnumerateRunes().Count();
        if (length < schema.MinLength)
        {
            report(schema.MinLength == 1 ? "must not be empty" : $"must have at least {schema.MinLength} characters, has {length}");
            return false;
        }

        if (length > schema.MaxLength)
        {
            report($"must have at most {schema.MaxLength} characters, has {length}");
            return false;
        }

        return true;
    }

    private static void CheckDuration(string text, Action<string> report)
    {
        if (GatewayDuration.TryParse(text, out _))
        {
            return;
        }

        var hint = text switch
        {
            _ when text.Length is > 0 and <= 5 && text.All(char.IsAsciiDigit) => $": did you mean \"{text}s\"?",
            _ when text.Contains('.', StringComparison.Ordinal) => ": there are no fractions, use a smaller unit",
            _ when text.StartsWith('-') => ": a length of time cannot be negative",
            _ => "",
        };
        report($"{Words.Quote(text, 40)} is no duration such as \"500ms\", \"10s\" or \"1h30m\"{hint}");
    }

    private static void CheckFormat(string? format, string text, Action<string> report)
    {
        var expected = format switch
        {
            "cidr" when !Addresses.IsCidr(text) => "a range of addresses such as \"10.0.0.0/8\" or \"fd00::/8\"",
            "ip" when !Addresses.IsIp(text) => "an IP address such as \"10.0.0.1\" or \"fd00::1\"",
            "cluster-ip" when text is not ("" or "None") && !Addresses.IsIp(text) => "an IP address, \"None\" or empty",
            "date-time" when !IsDateTime(text) => "a time such as \"2026-01-31T12:00:00Z\"",
            _ => null,
        };
        if (expected is not null)
        {
            report($"{Words.Quote(text, 60)} is not allowed: must be {expected}");
        }
    }

    private static bool IsDateTime(string text) =>
        (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10)
        && DateTimeOffset.TryParseExact(text, DateTimes, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static string Expected(string pattern) => pattern switch
    {
        Patterns.Label => "must consist of lower-case letters, digits and \"-\", and begin and end with a letter or digit",
        Patterns.ServiceName => "must consist of lower-case letters, digits and \"-\", begin with a letter and end with a letter or digit",
        Patterns.Subdomain or Patterns.Group =>
            "must be a DNS name: lower-case letters, digits and \"-\", in parts separated by \".\", each beginning and ending with a letter or digit",
        Patterns.Hostname => "must be a DNS name, with \"*.\" before it where wanted",
        Patterns.HeaderName => "must be a name of HTTP's token characters: letters, digits and !#$%&'*+-.^_`|~",
        _ => $"must match {pattern}",
    };
}
