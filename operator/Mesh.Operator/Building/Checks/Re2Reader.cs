// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;

namespace Mesh.Operator.Building.Checks;

/// <summary>
/// Walks over an expression as RE2 does, and tells what RE2 would refuse. Envoy refuses a whole route table for one such expression, so that every other
/// route of the service would suffer. One pass, in time and memory of the expression's length: whoever may write a route may write hundreds of these.
/// </summary>
internal sealed class Re2Reader(string text)
{
    private const int MaximumRepeat = 1000;

    private const string Flags = "imsU";
    private const string NotRegular = "uses look-around, back references, conditions or atomic groups; RE2, the syntax of expressions here, has none";

    /// <summary>What stands in the braces of a repetition.</summary>
    public static readonly SearchValues<char> Bounds = SearchValues.Create("0123456789,");

    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>By open group, how often the most repeated thing in it is repeated: RE2 multiplies through the levels.</summary>
    private readonly Stack<long> repeats = new([1]);

    private int position;
    private long lastRepeats = 1;
    private Operand operand = Operand.None;

    /// <summary>What a quantifier would stand behind.</summary>
    private enum Operand
    {
        None,
        Item,

        /// <summary>A quantifier, which a question mark makes lazy.</summary>
        Repeated,
        Lazy,
    }

    /// <summary>What is wrong first, or null.</summary>
    public string? FirstProblem()
    {
        while (position < text.Length)
        {
            if (Next() is { } problem)
            {
                return problem;
            }
        }

        return repeats.Count > 1 ? Broken("a group is not closed", text.Length) : null;
    }

    private string? Next() => text[position] switch
    {
        '\\' => Escape(),
        '[' => Class(),
        '(' => Open(),
        ')' => Close(),
        '|' => Item(1, Operand.None),
        '*' or '+' or '?' => Quantifier(1),
        '{' => Repeat(),
        _ => Item(1),
    };

    private string? Escape()
    {
        if (Re2Escape.Find(text, position, inClass: false) is { } escape)
        {
            return Item(escape.Length);
        }

        if (At(1) == 'Q')
        {
            return Quote();
        }

        return At(1) is >= '1' and <= '9' or 'k' ? NotRegular : Unknown(position, Re2Escape.Shown(text, position));
    }

    /// <summary>Everything up to \E stands for itself; each character is an item of its own.</summary>
    private string? Quote()
    {
        var end = text.IndexOf(@"\E", position + 2, StringComparison.Ordinal);
        var length = (end < 0 ? text.Length : end) - position - 2;
        return length == 0 && end >= 0 ? Skip(4) : Item(length + (end < 0 ? 2 : 4));
    }

    private string? Class()
    {
        var problem = new Re2Class(text).Read(position, out var end);
        return problem switch
        {
            null => Item(end - position),
            { IsConstruct: true } => Unknown(problem.Position, problem.Words),
            _ => Broken(problem.Words, problem.Position),
        };
    }

    private string? Open()
    {
        if (At(1) != '?')
        {
            return Enter(1);
        }

        return At(2) switch
        {
            '=' or '!' => NotRegular,
            '<' when At(3) is '=' or '!' => NotRegular,
            '<' => Name(position + 3),
            'P' when At(3) == '<' => Name(position + 4),
            _ => WithFlags(),
        };
    }

    private string? Name(int start)
    {
        var end = text.IndexOf('>', start);
        var name = end < 0 ? "" : text[start..end];
        if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return Broken("the name of a group is of letters, digits and _", start);
        }

        return names.Add(name)
            ? Enter(end + 1 - position)
            : $"names two groups \"{name}\", the second at position {position}; RE2, the syntax of expressions here, wants different names";
    }

    /// <summary>"(?i-s:" opens a group, "(?i)" none.</summary>
    private string? WithFlags()
    {
        var i = position + 2;
        var minus = -1;
        for (; i < text.Length && text[i] is not (':' or ')'); i++)
        {
            if (text[i] == '-' && minus < 0)
            {
                minus = i;
            }
            else if (!Flags.Contains(text[i], StringComparison.Ordinal))
            {
                return Unknown(position, text[position..(i + 1)]);
            }
        }

        if (i == text.Length || minus == i - 1)
        {
            return Unknown(position, text[position..i]);
        }

        return text[i] == ':' ? Enter(i + 1 - position) : Skip(i + 1 - position);
    }

    private string? Enter(int length)
    {
        Item(length, Operand.None);
        repeats.Push(1);
        return null;
    }

    private string? Close()
    {
        if (repeats.Count == 1)
        {
            return Broken("a group is closed that none opened", position);
        }

        Begin();
        var inner = repeats.Pop();
        position++;
        operand = Operand.Item;
        lastRepeats = inner;
        return null;
    }

    private string? Repeat()
    {
        var end = text.AsSpan(position + 1).IndexOfAnyExcept(Bounds) + 1;
        if (At(end) != '}' || Bound(text[(position + 1)..(position + end)]) is not var (least, most))
        {
            return Item(1);
        }

        lastRepeats *= Math.Max(1, Math.Max(least, most));
        return lastRepeats > MaximumRepeat
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"\"{text[position..(position + end + 1)]}\" at position {position} repeats more than {MaximumRepeat} times, the most that RE2 allows")
            : most >= 0 && most < least ? Broken("a repetition's most is less than its least", position)
            : Quantifier(end + 1);
    }

    /// <summary>Of "n", "n," or "n,m", which has -1 for no bound; null where braces stand for themselves.</summary>
    private static (long Least, long Most)? Bound(string braces)
    {
        var parts = braces.Split(',');
        return parts.Length > 2 || parts[0].Length == 0 ? null : (Number(parts[0]), Number(parts[^1]));
    }

    private static long Number(string digits) => digits.Length == 0 ? -1
        : digits.TrimStart('0') is { Length: <= 4 } few ? long.Parse("0" + few, CultureInfo.InvariantCulture)
        : MaximumRepeat + 1;

    private string? Quantifier(int length)
    {
        if (operand is Operand.None or Operand.Lazy || (operand == Operand.Repeated && text[position] != '?'))
        {
            return Broken(operand == Operand.None ? "there is nothing to repeat" : "what is repeated is repeated again", position);
        }

        operand = operand == Operand.Item ? Operand.Repeated : Operand.Lazy;
        position += length;
        return null;
    }

    private string? Skip(int length)
    {
        position += length;
        return null;
    }

    private string? Item(int length, Operand becomes = Operand.Item)
    {
        Begin();
        operand = becomes;
        position += length;
        return null;
    }

    /// <summary>What was read last is complete: its group remembers how often it is repeated.</summary>
    private void Begin()
    {
        repeats.Push(Math.Max(repeats.Pop(), lastRepeats));
        lastRepeats = 1;
    }

    private char At(int offset) => position + offset < text.Length ? text[position + offset] : '\0';

    private static string Broken(string words, int position) =>
        string.Create(CultureInfo.InvariantCulture, $"is not a regular expression: {words}, at position {position}");

    private static string Unknown(int position, string construct) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{construct}\" at position {position} is not known to RE2, the syntax of expressions here");
}
