// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Crds.GatewayApi;

/// <summary>
/// A length of time as Gateway API writes it (GEP-2257): one to four parts of up to five digits and a unit h, m, s or ms. Parts may come
/// in any order and are added up; there is no sign and no fraction, and "0s" needs its unit.
/// </summary>
public static class GatewayDuration
{
    public const string Pattern = "^([0-9]{1,5}(h|m|s|ms)){1,4}$";

    /// <summary>Longest text that fits <see cref="Pattern"/>: four parts of five digits and "ms".</summary>
    public const int MaxLength = 28;

    private const int MaxParts = 4;
    private const int MaxDigits = 5;

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var rest = text.AsSpan();
        var sum = 0L;
        for (var parts = 0; parts == 0 || !rest.IsEmpty; parts++)
        {
            if (parts == MaxParts || !TryTakePart(ref rest, out var milliseconds))
            {
                return false;
            }

            sum += milliseconds;
        }

        duration = TimeSpan.FromMilliseconds(sum);
        return true;
    }

    private static bool TryTakePart(ref ReadOnlySpan<char> rest, out long milliseconds)
    {
        milliseconds = 0;
        var digits = 0;
        while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
        {
            if (digits == MaxDigits)
            {
                return false;
            }

            milliseconds = (milliseconds * 10) + (rest[digits] - '0');
            digits++;
        }

        if (digits == 0 || !TryTakeUnit(rest[digits..], out var unit, out var unitLength))
        {
            return false;
        }

        milliseconds *= unit;
        rest = rest[(digits + unitLength)..];
        return true;
    }

    private static bool TryTakeUnit(ReadOnlySpan<char> text, out long milliseconds, out int length)
    {
        (milliseconds, length) = text switch
        {
            ['m', 's', ..] => (1L, 2),
            ['s', ..] => (1000L, 1),
            ['m', ..] => (60 * 1000L, 1),
            ['h', ..] => (60 * 60 * 1000L, 1),
            _ => (0L, 0),
        };
        return length > 0;
    }
}
