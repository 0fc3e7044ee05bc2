// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Mesh.Operator.Building.Checks;

/// <summary>
/// The most instructions that RE2 may make of an expression which <see cref="Re2Reader"/> takes: Envoy refuses programs beyond a size. Repetitions count
/// exactly; classes are taken for as large as they may get. One pass, as the reader.
/// </summary>
internal sealed class Re2Size
{
    private const int Whole = 6;
    private const int Group = 2;
    private const int AnyCharacter = 2;
    private const int Property = 16;
    private const int PerlClass = 8;

    private readonly string text;
    private readonly int fold;
    private readonly Stack<double> outer = new();
    private int position;
    private double sum;
    private double last;

    private Re2Size(string text) => (this.text, fold) = (text, text.Contains("(?", StringComparison.Ordinal) ? 2 : 1);

    /// <summary>An upper bound. Repetitions in each other may make it very large.</summary>
    public static double Most(string text)
    {
        var size = new Re2Size(text);
        while (size.position < text.Length)
        {
            size.Next();
        }

        return size.sum + Whole;
    }

    private void Next()
    {
        switch (text[position])
        {
            case '\\':
                Escape();
                break;
            case '[':
                new Re2Class(text).Read(position, out var end);
                Item(end - position, ClassSize(text.AsSpan(position, end - position)));
                break;
            case '(':
                outer.Push(sum);
                (sum, last) = (0, 0);
                position++;
                break;
            case ')':
                last = sum + Group;
                sum = last + (outer.Count > 0 ? outer.Pop() : 0);
                position++;
                break;
            case '*' or '+' or '?' or '|':
                Add(Group);
                position++;
                break;
            case '{':
                Repeat();
                break;
            case '.':
                Item(1, AnyCharacter);
                break;
            default:
                Item(1, BytesOf(text[position]));
                break;
        }
    }

    private void Escape()
    {
        if (Re2Escape.Find(text, position, inClass: false) is { } escape)
        {
            Item(escape.Length, escape.Character is not null ? 1 : text[position + 1] is 'p' or 'P' ? Property : PerlClass);
        }
        else
        {
            var end = text.IndexOf(@"\E", position, StringComparison.Ordinal);
            end = end < 0 ? text.Length : end + 2;
            Item(end - position, Encoding.UTF8.GetByteCount(text.AsSpan(position, end - position)));
        }
    }

    private void Repeat()
    {
        var end = text.AsSpan(position + 1).IndexOfAnyExcept(Re2Reader.Bounds) + position + 1;
        var bounds = text[(position + 1)..Math.Max(position + 1, end)].Split(',');
        if (end <= position || end >= text.Length || text[end] != '}' || bounds.Length > 2 || bounds[0].Length == 0)
        {
            Item(1, 1);
            return;
        }

        var least = double.Parse(bounds[0], CultureInfo.InvariantCulture);
        var most = bounds[^1].Length == 0 ? least + 1 : double.Parse(bounds[^1], CultureInfo.InvariantCulture);
        Add((Math.Max(1, most) * (last + Group)) - last);
        position = end + 1;
    }

    private int ClassSize(ReadOnlySpan<char> item) => fold * (Encoding.UTF8.GetByteCount(item)
        + (Property * item.Count('\\'))
        + (PerlClass * item.Count("[:")));

    private void Item(int length, double size)
    {
        sum += size;
        last = size;
        position += length;
    }

    /// <summary>To what was read last.</summary>
    private void Add(double size)
    {
        sum += size;
        last += size;
    }

    private static int BytesOf(char character) => character < 0x80 ? 1 : character < 0x800 ? 2 : 3;
}
