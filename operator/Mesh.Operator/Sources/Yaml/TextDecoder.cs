// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Mesh.Operator.Sources.Yaml;

/// <summary>A text out of bytes, with what is wrong with them; wrong bytes are shown as U+FFFD.</summary>
internal readonly record struct DecodedText(string Text, TextProblem? Problem);

internal static class TextDecoder
{
    private static readonly SearchValues<char> Refused = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\v\f\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b"
        + "\u001c\u001d\u001e\u001f\u007f\ufeff");

    public static DecodedText Decode(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var wrong = FirstWrongByte(bytes);
        if (wrong >= 0)
        {
            var before = Encoding.UTF8.GetString(bytes[..wrong]);
            return new DecodedText(text, Problem(before, before.Length, $"the byte 0x{bytes[wrong]:x2} is no UTF-8: save the file as UTF-8"));
        }

        var at = text.AsSpan().IndexOfAny(Refused);
        return at < 0
            ? new DecodedText(text, null)
            : new DecodedText(text, Problem(text, at, $"the character U+{(int)text[at]:X4} does not belong into a text: remove it"));
    }

    private static int FirstWrongByte(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (bytes[at] < 0x80)
            {
                var ascii = bytes[at..].IndexOfAnyInRange((byte)0x80, (byte)0xff);
                at = ascii < 0 ? bytes.Length : at + ascii;
                continue;
            }

            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) != OperationStatus.Done)
            {
                return at;
            }

            at += length;
        }

        return -1;
    }

    private static TextProblem Problem(string text, int at, string message)
    {
        var before = text.AsSpan(0, at);
        var line = before.Count('\n') + 1;
        return new TextProblem(new TextPosition(line, at - before.LastIndexOf('\n')), "", message);
    }
}
