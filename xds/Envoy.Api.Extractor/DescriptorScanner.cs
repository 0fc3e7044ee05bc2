// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Envoy.Api.Extractor;

/// <summary>
/// Finds serialized FileDescriptorProtos. Their first field is the file name, so each one starts with
/// <c>0x0A length name.proto</c>; we search for ".proto" and look backwards for that header.
/// </summary>
internal static class DescriptorScanner
{
    private const byte NameTag = 0x0A;
    private const int LongestName = 0x3FFF;
    private static readonly byte[] Suffix = ".proto"u8.ToArray();

    /// <summary>The longest descriptor per file name; a shorter one is the same text cut by chance inside other data.</summary>
    public static IReadOnlyDictionary<string, FoundDescriptor> Scan(ReadOnlyMemory<byte> binary)
    {
        var found = new Dictionary<string, FoundDescriptor>(StringComparer.Ordinal);
        var bytes = binary.Span;
        var position = 0;
        while (bytes[position..].IndexOf(Suffix) is var hit and >= 0)
        {
            var nameEnd = position + hit + Suffix.Length;
            Consider(binary, nameEnd, found);
            position = nameEnd;
        }

        return found;
    }

    private static void Consider(ReadOnlyMemory<byte> binary, int nameEnd, Dictionary<string, FoundDescriptor> found)
    {
        var bytes = binary.Span;
        for (var nameStart = nameEnd - Suffix.Length; nameStart > 1 && nameEnd - nameStart <= LongestName; nameStart--)
        {
            if (nameStart < nameEnd - Suffix.Length && !IsNameByte(bytes[nameStart]))
            {
                return;
            }

            var start = HeaderStart(bytes, nameStart, nameEnd - nameStart);
            if (start < 0)
            {
                continue;
            }

            var name = Encoding.ASCII.GetString(bytes[nameStart..nameEnd]);
            if (DescriptorReader.TryRead(binary[start..], name) is { } descriptor
                && (!found.TryGetValue(name, out var known) || known.Bytes.Length < descriptor.Bytes.Length))
            {
                found[name] = descriptor;
            }
        }
    }

    private static int HeaderStart(ReadOnlySpan<byte> bytes, int nameStart, int length)
    {
        if (length < 0x80)
        {
            return bytes[nameStart - 1] == length && bytes[nameStart - 2] == NameTag ? nameStart - 2 : -1;
        }

        return nameStart > 2
            && bytes[nameStart - 1] == length >> 7
            && bytes[nameStart - 2] == (length & 0x7F | 0x80)
            && bytes[nameStart - 3] == NameTag
                ? nameStart - 3
                : -1;
    }

    private static bool IsNameByte(byte value) =>
        char.IsAsciiLetterOrDigit((char)value) || value is (byte)'_' or (byte)'/' or (byte)'.' or (byte)'-';
}
