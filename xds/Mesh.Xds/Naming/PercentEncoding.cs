// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Mesh.Xds.Naming;

/// <summary>Percent-encoding (RFC 3986, section 2) with one way of writing each text.</summary>
internal static class PercentEncoding
{
    /// <summary>
    /// The text with that encoded what is reserved or may be in no URI, and nothing else; null where it is wrongly encoded or no UTF-8.
    /// </summary>
    public static string? Normal(string text, string reserved)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return TryDecode(bytes, out var length) && Utf8.IsValid(bytes.AsSpan(0, length)) ? Encode(bytes.AsSpan(0, length), reserved) : null;
    }

    // In place: what is decoded is never longer.
    private static bool TryDecode(byte[] bytes, out int length)
    {
        length = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] != '%')
            {
                bytes[length++] = bytes[at];
                continue;
            }

            if (at + 2 >= bytes.Length || !TryDigit(bytes[at + 1], out var high) || !TryDigit(bytes[at + 2], out var low))
            {
                return false;
            }

            bytes[length++] = (byte)((high << 4) | low);
            at += 2;
        }

        return true;
    }

    private static bool TryDigit(byte digit, out int value)
    {
        value = digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
            >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
            _ => -1,
        };
        return value >= 0;
    }

    private static string Encode(ReadOnlySpan<byte> bytes, string reserved)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var one in bytes)
        {
            _ = one is <= 0x20 or >= 0x7f || reserved.Contains((char)one, StringComparison.Ordinal)
                ? text.Append(CultureInfo.InvariantCulture, $"%{one:X2}")
                : text.Append((char)one);
        }

        return text.ToString();
    }
}
