// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Envoy.Type.Matcher.V3;
using Mesh.Model.Routing;

namespace Mesh.Xds.Translation.Features;

/// <summary>
/// How Envoy is told to replace a path as Gateway API defines it. Trailing slashes of prefix and replacement say nothing; whole segments
/// are replaced and the result never begins with two slashes. What follows a question mark is left alone by all forms.
/// </summary>
/// <param name="IsPrefix">The matched prefix is replaced, else the whole path.</param>
/// <param name="Prefix">What Envoy's own prefix rewrite puts in; empty when nothing changes or <paramref name="Expression"/> does it.</param>
/// <param name="Expression">Where a plain prefix rewrite would be wrong.</param>
internal sealed record PathChange(bool IsPrefix, string Prefix, RegexMatchAndSubstitute? Expression)
{
    public static PathChange Of(PathRewrite rewrite, Model.Routing.RouteMatch match)
    {
        if (!rewrite.IsPrefix || match.PathKind != PathMatchKind.PathPrefix)
        {
            return new PathChange(IsPrefix: false, "", Replace("^.*$", rewrite.Value));
        }

        var matched = Matches.Prefix(match.Path);
        var replacement = rewrite.Value.TrimEnd('/');
        return (matched.Length, replacement.Length) switch
        {
            (0, 0) => new PathChange(IsPrefix: true, "", Expression: null),

            // Envoy replaces just the root slash, so that it must come back.
            (0, _) => new PathChange(IsPrefix: true, replacement + "/", Expression: null),

            // "/strip" and "/strip/" become "/", "/strip/x" becomes "/x".
            (_, 0) => new PathChange(IsPrefix: true, "", Replace($"^{Quote(matched)}/?", "/")),
            _ => new PathChange(IsPrefix: true, replacement, Expression: null),
        };
    }

    private static RegexMatchAndSubstitute Replace(string pattern, string replacement) => new()
    {
        Pattern = new RegexMatcher { Regex = pattern },
        Substitution = replacement.Replace("\\", "\\\\", StringComparison.Ordinal),
    };

    /// <summary>As RE2 quotes: a backslash before whatever is neither letter nor digit; bytes beyond ASCII stand for themselves.</summary>
    private static string Quote(string literal)
    {
        var quoted = new StringBuilder();
        foreach (var c in literal)
        {
            if (char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) && c is not ('/' or '_'))
            {
                quoted.Append('\\');
            }

            quoted.Append(c);
        }

        return quoted.ToString();
    }
}
