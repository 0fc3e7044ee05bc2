// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Mesh.Testing.RawGrpc;

/// <summary>As much of RFC 7541 as a peer needs that allows no dynamic table: literals are written; what Kestrel writes is read.</summary>
internal static class Hpack
{
    private const int LiteralName = 0;
    private static readonly string[] Statuses = ["200", "204", "206", "304", "400", "404", "500"];

    public static byte[] Encode(IEnumerable<(string Name, string Value)> headers)
    {
        var block = new ArrayBufferWriter<byte>();
        foreach (var (name, value) in headers)
        {
            block.Write((ReadOnlySpan<byte>)[LiteralName]);
            Write(block, name);
            Write(block, value);
        }

        return block.WrittenSpan.ToArray();
    }

    /// <summary>Names of the static table other than the status are given as <c>#NUMBER</c>.</summary>
    public static Dictionary<string, string> Decode(ReadOnlySpan<byte> block)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        while (block.Length > 0)
        {
            var first = block[0];
            if ((first & 0x80) != 0)
            {
                var index = ReadNumber(ref block, 7);
                var (name, value) = index is >= 8 and <= 14 ? (":status", Statuses[index - 8]) : ($"#{index}", "");
                headers[name] = value;
            }
            else if ((first & 0xe0) == 0x20)
            {
                ReadNumber(ref block, 5);
            }
            else
            {
                var index = ReadNumber(ref block, (first & 0x40) != 0 ? 6 : 4);
                var name = index == LiteralName ? ReadText(ref block) : index is >= 8 and <= 14 ? ":status" : $"#{index}";
                headers[name] = ReadText(ref block);
            }
        }

        return headers;
    }

    private static void Write(ArrayBufferWriter<byte> block, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        if (bytes.Length < 127)
        {
            block.Write((ReadOnlySpan<byte>)[(byte)bytes.Length]);
        }
        else
        {
            block.Write((ReadOnlySpan<byte>)[127]);
            var rest = bytes.Length - 127;
            for (; rest >= 128; rest >>= 7)
            {
                block.Write((ReadOnlySpan<byte>)[(byte)(rest | 0x80)]);
            }

            block.Write((ReadOnlySpan<byte>)[(byte)rest]);
        }

        block.Write(bytes);
    }

    private static int ReadNumber(ref ReadOnlySpan<byte> block, int bits)
    {
        var mask = (1 << bits) - 1;
        var value = block[0] & mask;
        block = block[1..];
        if (value < mask)
        {
            return value;
        }

        for (var shift = 0; ; shift += 7)
        {
            var next = block[0];
            block = block[1..];
            value += (next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }
    }

    private static string ReadText(ref ReadOnlySpan<byte> block)
    {
        if ((block[0] & 0x80) != 0)
        {
            throw new NotSupportedException("The server uses Huffman codes, which this reader has not got.");
        }

        var length = ReadNumber(ref block, 7);
        var text = Encoding.ASCII.GetString(block[..length]);
        block = block[length..];
        return text;
    }
}
