// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.Operator.Building.Checks;

/// <summary>
/// Walks over an expression as RE2 does, and finds what .NET's engine takes and RE2 refuses. Envoy refuses a whole route table for one
/// such expression, so that every other route of the service would suffer.
/// </summary>
internal sealed class Re2Reader(string text)
{
    private const int MaximumRepeat = 1000;
    private const string Flags = "imsU";

    private static readonly HashSet<string> PosixClasses = new(StringComparer.Ordinal)
    {
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit",
    };

    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>By open group, how often the most repeated thing in it is repeated: RE2 multiplies through the levels.</summary>
    private readonly Stack<long> repeats = new([1]);

    private int position;
    private long lastRepeats = 1;

    /// <summary>What is wrong first, or null.</summary>
    public string? FirstProblem()
    {
        while (position < text.Length)
        {
            var problem = text[position] switch
            {
                '\\' => Escape(inClass: false),
                '[' => Class(),
                '(' => Open(),
                ')' => Close(),
                '{' => Repeat(),
                _ => Step(),
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private string? Step()
    {
        // A quantifier repeats without a bound, which RE2 does not count; all else begins something new.
        if (text[position] is not ('*' or '+' or '?'))
        {
            Begin();
        }

        position++;
        return null;
    }

    private string? Escape(bool inClass)
    {
        var length = Math.Min(2, text.Length - position);
        var escape = text.Substring(position, length);
        var isBlock = escape is @"\p" or @"\P" && text.AsSpan(position + length).StartsWith("{Is", StringComparison.Ordinal);
        if (escape is @"\u" or @"\e" or @"\Z" or @"\G" or @"\c" || isBlock || (inClass && escape is @"\b"))
        {
            return Unknown(position, isBlock ? escape + "{Is" : escape);
        }

        if (!inClass)
        {
            Begin();
        }

        position += length;
        return null;
    }

    private string? Class()
    {
        Begin();
        position += At(1) == '^' ? 2 : 1;
        var first = position;
        while (position < text.Length && (text[position] != ']' || position == first))
        {
            var problem = text[position] switch
            {
                '\\' => Escape(inClass: true),
                '[' when At(1) == ':' => PosixClass(),
                _ => Skip(1),
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return Skip(1);
    }

    private string? PosixClass()
    {
        var end = text.IndexOf(":]", position + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            return Skip(1);
        }

        var name = text[(position + 2)..end].TrimStart('^');
        return PosixClasses.Contains(name) ? Skip(end + 2 - position) : Unknown(position, text[position..(end + 2)]);
    }

    private string? Open()
    {
        Begin();
        repeats.Push(1);
        if (At(1) != '?')
        {
            return Skip(1);
        }

        // Look-around is left to .NET, which tells what it is.
        return At(2) switch
        {
            '=' or '!' => Skip(3),
            '<' when At(3) is '=' or '!' => Skip(4),
            '<' => Name(position + 3),
            'P' when At(3) == '<' => Name(position + 4),
            _ => OpenWithFlags(),
        };
    }

    private string? Name(int start)
    {
        var end = text.IndexOf('>', start);
        if (end < 0)
        {
            return Skip(start - position);
        }

        var name = text[start..end];
        var at = position;
        position = end + 1;
        return names.Add(name) ? null : $"names two groups \"{name}\", the second at position {at}; RE2, the syntax of expressions here, wants different names";
    }

    private string? OpenWithFlags()
    {
        for (var i = position + 2; i < text.Length && text[i] is not (':' or ')'); i++)
        {
            if (text[i] != '-' && !Flags.Contains(text[i], StringComparison.Ordinal))
            {
                return Unknown(position, text[position..(i + 1)]);
            }
        }

        return Skip(2);
    }

    private string? Close()
    {
        Begin();
        var inner = repeats.Pop();
        if (repeats.Count == 0)
        {
            // One too many, which .NET reports.
            repeats.Push(1);
        }

        lastRepeats = inner;
        return Skip(1);
    }

    private string? Repeat()
    {
        var end = text.IndexOf('}', position);
        if (end < 0 || Bound(text[(position + 1)..end]) is not { } bound)
        {
            return Step();
        }

        lastRepeats *= Math.Max(1, bound);
        if (lastRepeats > MaximumRepeat)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"\"{text[position..(end + 1)]}\" at position {position} repeats more than {MaximumRepeat} times, the most that RE2 allows");
        }

        return Skip(end + 1 - position);
    }

    /// <summary>The most of "n", "n," or "n,m"; null where braces stand for themselves.</summary>
    private static long? Bound(string braces)
    {
        var parts = braces.Split(',');
        var isBound = parts.Length <= 2 && parts[0].Length > 0 && parts.All(part => part.All(char.IsAsciiDigit));
        return isBound ? parts.Max(part => part.Length > 4 ? MaximumRepeat + 1 : part.Length == 0 ? 0 : long.Parse(part, CultureInfo.InvariantCulture)) : null;
    }

    /// <summary>What was read last is complete: its group remembers how often it is repeated.</summary>
    private void Begin()
    {
        repeats.Push(Math.Max(repeats.Pop(), lastRepeats));
        lastRepeats = 1;
    }

    private string? Skip(int characters)
    {
        position = Math.Min(text.Length, position + characters);
        return null;
    }

    private char At(int offset) => position + offset < text.Length ? text[position + offset] : '\0';

    private static string Unknown(int position, string construct) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{construct}\" at position {position} is not known to RE2, the syntax of expressions here");
}
