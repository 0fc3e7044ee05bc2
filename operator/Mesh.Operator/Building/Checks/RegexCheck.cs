// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Mesh.Operator.Building.Checks;

/// <summary>
/// Tells whether Envoy's RE2 will take an expression. .NET's non-backtracking engine refuses what RE2 cannot do (look-around, back
/// references, atomic groups); constructs that only .NET knows are refused by name. What passes here and not there ends as a refusal by
/// the proxy, in the same status.
/// </summary>
internal static partial class RegexCheck
{
    private const int MaximumRepeat = 1000;

    public static bool IsValid(string expression, string path, ProblemList problems)
    {
        if (Foreign().Match(expression) is { Success: true } match)
        {
            var foreign = match.Groups["construct"];
            problems.Invalid(path, $"\"{foreign.Value}\" at position {foreign.Index} is not known to RE2, the syntax of expressions here");
            return false;
        }

        foreach (Match repeat in Repeats().Matches(expression))
        {
            if (repeat.Groups.Values.Skip(1).Any(bound => bound.ValueSpan.Length > 0
                && (bound.ValueSpan.Length > 4 || int.Parse(bound.ValueSpan, System.Globalization.CultureInfo.InvariantCulture) > MaximumRepeat)))
            {
                problems.Invalid(path, $"\"{repeat.Value}\" at position {repeat.Index} repeats more than {MaximumRepeat} times, the most that RE2 allows");
                return false;
            }
        }

        return Parses(expression, path, problems);
    }

    private static bool Parses(string expression, string path, ProblemList problems)
    {
        try
        {
            // RE2 writes named groups (?P<name>…), .NET (?<name>…).
            var dotnet = expression.Replace("(?P<", "(?<", StringComparison.Ordinal);
            _ = new Regex(dotnet, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return true;
        }
        catch (RegexParseException e)
        {
            problems.Invalid(path, $"is not a regular expression: {e.Error} at position {e.Offset}");
        }
        catch (NotSupportedException)
        {
            problems.Invalid(path, "uses look-around, back references, conditions or atomic groups; RE2, the syntax of expressions here, has none");
        }
        catch (ArgumentException e)
        {
            problems.Invalid(path, $"is not a regular expression: {e.Message}");
        }

        return false;
    }

    [GeneratedRegex(@"(?<!\\)(?:\\\\)*(?<construct>\\[ueZGc]|\(\?['#>(])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Foreign();

    [GeneratedRegex(@"\{(?<least>[0-9]+)(?:,(?<most>[0-9]*))?\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Repeats();
}
