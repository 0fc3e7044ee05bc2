// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Mesh.Crds.Schema;

/// <summary>Patterns of the API, which are RE2, for .NET's engine: linear in time, and "$" is the end of the text and not a line's.</summary>
internal static class Re2
{
    private static readonly ConcurrentDictionary<string, Regex> Compiled = new(StringComparer.Ordinal);

    public static Regex Compile(string pattern) => Compiled.GetOrAdd(
        pattern, static text => new Regex(WithEndOfText(text), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
            Regex.InfiniteMatchTimeout));

    private static string WithEndOfText(string pattern)
    {
        var result = new StringBuilder();
        var isInClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                result.Append(c).Append(pattern[++i]);
                continue;
            }

            isInClass = c == '[' || (isInClass && c != ']');
            result.Append(c == '$' && !isInClass ? "\\z" : c.ToString());
        }

        return result.ToString();
    }
}
