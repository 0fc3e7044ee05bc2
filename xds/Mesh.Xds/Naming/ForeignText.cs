// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Mesh.Xds.Naming;

/// <summary>
/// What others say, fit to be shown: it ends in logs, statuses and terminals. One line, nothing that moves a cursor or turns the text around, no half of a
/// character, and no more than there is room for.
/// </summary>
public static class ForeignText
{
    /// <param name="text">Anybody's.</param>
    /// <param name="longest">How much of it is kept; an ellipsis says that there was more.</param>
    public static string Line(string text, int longest)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isCut = text.Length > longest;
        var kept = isCut ? text.AsSpan(0, longest) : text.AsSpan();
        return !isCut && IsFit(kept) ? text : Fit(kept, isCut);
    }

    private static bool IsFit(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (char.IsSurrogate(character) || IsUnfit(CharUnicodeInfo.GetUnicodeCategory(character)))
            {
                return false;
            }
        }

        return true;
    }

    private static string Fit(ReadOnlySpan<char> text, bool isCut)
    {
        var line = new StringBuilder(text.Length + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            // Of a half, as of what is cut in two at the end, a replacement character is left.
            line.Append(IsUnfit(Rune.GetUnicodeCategory(rune)) ? " " : rune.ToString());
        }

        return (isCut ? line.Append('…') : line).ToString();
    }

    private static bool IsUnfit(UnicodeCategory category) =>
        category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
