// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Mesh.Operator.Sources.Yaml;

/// <summary>
/// What a plain scalar means: YAML 1.2's core schema, with two readings of Kubernetes' own parser kept: 0o17 and 017 are octal. Only true
/// and false (also True, TRUE) are booleans; yes, no, on and off are strings, as YAML 1.2 has it and as people mean them. Dates are strings.
/// </summary>
internal static partial class YamlScalars
{
    /// <summary>What is longer is a text, whatever its characters.</summary>
    private const int LongestNumber = 100;

    private const int MatchMilliseconds = 1000;
    private const string TagPrefix = "tag:yaml.org,2002:";

    /// <summary>False with what would be right when the text cannot be what its tag says, or is no JSON number.</summary>
    public static bool TryRead(string text, string? tag, out JsonNode? value, out string problem)
    {
        problem = "";
        switch (tag?.Replace(TagPrefix, "!!", StringComparison.Ordinal))
        {
            case null:
                value = Plain(text, out problem);
                return problem.Length == 0;
            case "!" or "!!str":
                value = JsonValue.Create(text);
                return true;
            case "!!int" or "!!float" or "!!bool" or "!!null":
                value = Plain(text, out problem);
                return problem.Length == 0;
            default:
                value = null;
                problem = $"the tag \"{tag}\" is not used here: leave it out";
                return false;
        }
    }

    private static JsonNode? Plain(string text, out string problem)
    {
        problem = "";
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE":
                return JsonValue.Create(false);
        }

        if (!MayBeNumber(text))
        {
            return JsonValue.Create(text);
        }

        if (Special().IsMatch(text))
        {
            problem = $"{text} has no counterpart in JSON: give a number, or quote it to mean the text";
            return null;
        }

        return Number(text) ?? JsonValue.Create(text);
    }

    private static bool MayBeNumber(string text) => text.Length <= LongestNumber && (char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.');

    // Numbers come as JSON text would give them, so that YAML and API JSON meet one deserialiser.
    private static JsonNode? Number(string text)
    {
        if (Decimal().IsMatch(text))
        {
            return JsonNode.Parse(text.TrimStart('+'));
        }

        if (Octal().Match(text) is { Success: true } octal)
        {
            return Based(octal.Groups["sign"].Value, octal.Groups["digits"].Value, 8);
        }

        if (Hexadecimal().Match(text) is { Success: true } hexadecimal)
        {
            return Based("", hexadecimal.Groups["digits"].Value, 16);
        }

        return Fraction().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? JsonNode.Parse(number.ToString("R", CultureInfo.InvariantCulture))
            : null;
    }

    private static JsonNode? Based(string sign, string digits, int radix)
    {
        try
        {
            var number = Convert.ToInt64(digits, radix).ToString(CultureInfo.InvariantCulture);
            return JsonNode.Parse(sign == "-" && number != "0" ? sign + number : number);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    [GeneratedRegex("^[-+]?(0|[1-9][0-9]*)\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Decimal();

    [GeneratedRegex("^(?<sign>[-+]?)0o?(?<digits>[0-7]+)\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Octal();

    [GeneratedRegex("^0x(?<digits>[0-9a-fA-F]+)\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Fraction();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Special();
}
