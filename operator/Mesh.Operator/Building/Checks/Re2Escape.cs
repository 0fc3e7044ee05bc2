// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Globalization;

namespace Mesh.Operator.Building.Checks;

/// <summary>An escape sequence.</summary>
/// <param name="Length">With its backslash.</param>
/// <param name="Character">The one that it stands for; null for a class of them, or a place.</param>
internal readonly record struct Re2Escape(int Length, int? Character)
{
    // Envoy's RE2 reads bytes (Latin-1), as is seen by what it refuses.
    private const int LastCharacter = 0xff;
    private const int LongestShown = 8;
    private const string Classes = "dDsSwW";
    private const string Places = "AzbBC";
    private const string Controls = "aftnrv";

    /// <summary>General categories of Unicode. Scripts, of which RE2 knows many too, match nothing that is a byte.</summary>
    private static readonly FrozenSet<string> Properties = new[]
    {
        "Any", "C", "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No",
        "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The escape at a backslash; null for one that RE2 does not know there.</summary>
    public static Re2Escape? Find(string text, int position, bool inClass)
    {
        if (position + 1 >= text.Length)
        {
            return null;
        }

        return text[position + 1] switch
        {
            'p' or 'P' => Property(text, position),
            'x' => Hexadecimal(text, position),
            var c when Classes.Contains(c, StringComparison.Ordinal) || (!inClass && Places.Contains(c, StringComparison.Ordinal)) => new Re2Escape(2, null),
            var c when Controls.Contains(c, StringComparison.Ordinal) => new Re2Escape(2, "\a\f\t\n\r\v"[Controls.IndexOf(c, StringComparison.Ordinal)]),
            >= '0' and <= '7' => Octal(text, position),
            var c when char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) => new Re2Escape(2, c),
            _ => null,
        };
    }

    /// <summary>For a message: the escape without what comes behind it.</summary>
    public static string Shown(string text, int position)
    {
        if (position + 2 < text.Length && text[position + 1] is 'p' or 'P' or 'x' && text[position + 2] == '{')
        {
            var end = text.IndexOf('}', position);
            return text[position..(end < 0 ? Math.Min(text.Length, position + LongestShown) : Math.Min(end + 1, position + 4 * LongestShown))];
        }

        return text[position..Math.Min(text.Length, position + 2)];
    }

    private static Re2Escape? Property(string text, int position)
    {
        var start = position + 2;
        if (start >= text.Length)
        {
            return null;
        }

        var end = text[start] == '{' ? text.IndexOf('}', start) : start;
        if (end < 0 || end - start > LongestShown)
        {
            return null;
        }

        var name = text[start] == '{' ? text[(start + 1)..end].TrimStart('^') : text[start..(start + 1)];
        return Properties.Contains(name) ? new Re2Escape(end + 1 - position, null) : null;
    }

    private static Re2Escape? Hexadecimal(string text, int position)
    {
        var start = position + 2;
        var isBraced = start < text.Length && text[start] == '{';
        var end = isBraced ? text.IndexOf('}', start) : Math.Min(start + 2, text.Length);
        var digits = end < 0 || end - start > LongestShown ? "" : text[(isBraced ? start + 1 : start)..end];
        return (isBraced ? digits.Length > 0 : digits.Length == 2)
            && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var character)
            && character is >= 0 and <= LastCharacter
                ? new Re2Escape((isBraced ? end + 1 : end) - position, character)
                : null;
    }

    /// <summary>"\0" and up to two more digits; "\1" alone would be a reference back.</summary>
    private static Re2Escape? Octal(string text, int position)
    {
        var end = position + 2;
        var character = text[position + 1] - '0';
        while (end < text.Length && end < position + 4 && text[end] is >= '0' and <= '7')
        {
            character = (character * 8) + text[end++] - '0';
        }

        return (text[position + 1] == '0' || end > position + 2) && character <= LastCharacter ? new Re2Escape(end - position, character) : null;
    }
}
