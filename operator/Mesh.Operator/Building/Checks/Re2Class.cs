// SPDX-License-Identifier: Apache-2.0

namespace Mesh.Operator.Building.Checks;

/// <summary>Walks over a class of characters, "[^a-z_]", as RE2 does.</summary>
internal sealed class Re2Class(string text)
{
    private static readonly HashSet<string> PosixClasses = new(StringComparer.Ordinal)
    {
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit",
    };

    // "[:^xdigit:]" is the longest; what names a class and is longer names none.
    private const int LongestName = 64;

    /// <param name="start">Of its bracket.</param>
    /// <param name="end">Behind its closing bracket, where nothing is wrong.</param>
    public Problem? Read(int start, out int end)
    {
        var first = At(start + 1) == '^' ? start + 2 : start + 1;
        end = first;
        while (end < text.Length && (text[end] != ']' || end == first))
        {
            if ((At(end) == '[' && At(end + 1) == ':' ? Posix(ref end) : Range(ref end)) is { } problem)
            {
                return problem;
            }
        }

        if (end >= text.Length)
        {
            return new Problem("a class of characters is not closed", start, IsConstruct: false);
        }

        end++;
        return null;
    }

    private Problem? Posix(ref int position)
    {
        var close = text.AsSpan(position + 2, Math.Min(LongestName, text.Length - position - 2)).IndexOf(":]");
        if (close < 0)
        {
            return Range(ref position);
        }

        var name = text.Substring(position + 2, close);
        if (!PosixClasses.Contains(name.StartsWith('^') ? name[1..] : name))
        {
            return new Problem($"[:{name}:]", position, IsConstruct: true);
        }

        position += close + 4;
        return null;
    }

    /// <summary>One character, a range of them, or a class.</summary>
    private Problem? Range(ref int position)
    {
        var start = position;
        if (Character(ref position, out var from) is { } problem)
        {
            return problem;
        }

        if (from is null || At(position) != '-' || At(position + 1) is ']' or '\0')
        {
            return null;
        }

        position++;
        if (Character(ref position, out var to) is { } other)
        {
            return other;
        }

        return to is null || to < from ? new Problem("a range of characters ends before it begins, or in a class", start, IsConstruct: false) : null;
    }

    /// <param name="position">Of the character, then behind it.</param>
    /// <param name="character">Null for a class of them.</param>
    private Problem? Character(ref int position, out int? character)
    {
        character = position < text.Length ? text[position] : 0;
        if (At(position) != '\\')
        {
            position++;
            return null;
        }

        if (Re2Escape.Find(text, position, inClass: true) is not { } escape)
        {
            return new Problem(Re2Escape.Shown(text, position), position, IsConstruct: true);
        }

        character = escape.Character;
        position += escape.Length;
        return null;
    }

    private char At(int position) => position < text.Length ? text[position] : '\0';

    /// <param name="Words">What is wrong; the construct itself where RE2 does not know it.</param>
    /// <param name="Position">Where.</param>
    /// <param name="IsConstruct">RE2 does not know it.</param>
    public sealed record Problem(string Words, int Position, bool IsConstruct);
}
