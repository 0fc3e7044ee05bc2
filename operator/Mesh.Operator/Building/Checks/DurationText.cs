// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.Operator.Building.Checks;

/// <summary>Gateway API's notation of a length of time (GEP-2257): up to four of h, m, s and ms, without fractions.</summary>
internal static class DurationText
{
    private const int MaximumParts = 4;
    private const int MaximumDigits = 5;

    /// <summary>Reads an optional duration; what cannot be read, or is zero where that makes no sense, is a problem and gives null.</summary>
    public static TimeSpan? Read(string? text, string path, ProblemList problems, bool allowZero = true)
    {
        if (text is null)
        {
            return null;
        }

        if (Parse(text) is not { } value)
        {
            problems.Invalid(path, $"\"{Shorten(text)}\" is not a duration; write for example \"10s\", \"250ms\" or \"1h30m\"");
            return null;
        }

        if (value == TimeSpan.Zero && !allowZero)
        {
            problems.Invalid(path, "must be longer than 0");
            return null;
        }

        return value;
    }

    public static TimeSpan? Parse(string text)
    {
        var rest = text.AsSpan();
        var sum = TimeSpan.Zero;
        for (var part = 0; part < MaximumParts && !rest.IsEmpty; part++)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > MaximumDigits)
            {
                return null;
            }

            var number = int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            rest = rest[digits..];
            if (Unit(rest) is not { } unit)
            {
                return null;
            }

            sum += unit.Length * number;
            rest = rest[unit.Characters..];
        }

        return rest.IsEmpty && text.Length > 0 ? sum : null;
    }

    private static (TimeSpan Length, int Characters)? Unit(ReadOnlySpan<char> text) => text switch
    {
        ['m', 's', ..] => (TimeSpan.FromMilliseconds(1), 2),
        ['h', ..] => (TimeSpan.FromHours(1), 1),
        ['m', ..] => (TimeSpan.FromMinutes(1), 1),
        ['s', ..] => (TimeSpan.FromSeconds(1), 1),
        _ => null,
    };

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
