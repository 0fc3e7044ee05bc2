// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Mesh.Operator.Building.Checks;

/// <summary>
/// Tells whether Envoy's RE2 will take an expression. .NET's non-backtracking engine refuses what RE2 cannot do (look-around, back
/// references, atomic groups); constructs that only .NET knows are refused by name. What passes here and not there ends as a refusal by
/// the proxy, in the same status.
/// </summary>
internal static class RegexCheck
{
    public static bool IsValid(string expression, string path, ProblemList problems)
    {
        if (new Re2Reader(expression).FirstProblem() is { } problem)
        {
            problems.Invalid(path, problem);
            return false;
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
            problems.Invalid(path, $"is not a regular expression: at position {e.Offset}, {Words(e.Error)}");
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

    /// <summary>The mistakes that people make; the names of the others say enough.</summary>
    private static string Words(RegexParseError error)
    {
        if (error == RegexParseError.InsufficientClosingParentheses)
        {
            return "a \"(\" has no \")\"";
        }

        if (error == RegexParseError.InsufficientOpeningParentheses)
        {
            return "a \")\" has no \"(\"";
        }

        return error == RegexParseError.UnterminatedBracket ? "a \"[\" has no \"]\""
            : error == RegexParseError.QuantifierAfterNothing ? "nothing stands before a repetition"
            : error == RegexParseError.UnescapedEndingBackslash ? "it ends with a single \"\\\""
            : error.ToString();
    }
}
