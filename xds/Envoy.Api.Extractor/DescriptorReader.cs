// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Envoy.Api.Extractor;

/// <summary>Nothing in the binary tells where a descriptor ends, so its fields are taken for as long as they can be its own.</summary>
internal static class DescriptorReader
{
    private const int NameField = 1;

    public static FoundDescriptor? TryRead(ReadOnlyMemory<byte> bytes, string name)
    {
        var ends = FieldEnds(bytes.Span);
        for (var last = ends.Count - 1; last >= 0; last--)
        {
            var candidate = bytes[..ends[last]];
            if (TryParse(candidate.Span) is { } file && file.Name == name)
            {
                return new FoundDescriptor { Name = name, Dependencies = [.. file.Dependency], Bytes = candidate };
            }
        }

        return null;
    }

    /// <summary>Where each top-level field ends. A writer emits fields in ascending order, so a lower number is no longer ours.</summary>
    private static List<int> FieldEnds(ReadOnlySpan<byte> bytes)
    {
        var ends = new List<int>();
        var position = 0;
        var previous = 0UL;
        while (TryVarint(bytes, ref position, out var tag))
        {
            var field = tag >> 3;
            if (field < previous
                || (field == NameField && previous == NameField)
                || !Fits(field, (WireFormat.WireType)(tag & 7))
                || !TryVarint(bytes, ref position, out var value))
            {
                break;
            }

            if ((tag & 7) == (int)WireFormat.WireType.LengthDelimited)
            {
                if (value > (ulong)(bytes.Length - position))
                {
                    break;
                }

                position += (int)value;
            }

            ends.Add(position);
            previous = field;
        }

        return ends;
    }

    private static bool Fits(ulong field, WireFormat.WireType wireType) => field switch
    {
        // name, package, dependency, message_type, enum_type, service, extension, options, source_code_info, syntax, option_dependency
        (>= 1 and <= 9) or 12 or 15 => wireType == WireFormat.WireType.LengthDelimited,
        // public_dependency, weak_dependency, edition
        10 or 11 or 14 => wireType == WireFormat.WireType.Varint,
        _ => false,
    };

    private static bool TryVarint(ReadOnlySpan<byte> bytes, ref int position, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && position < bytes.Length; shift += 7)
        {
            var next = bytes[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private static FileDescriptorProto? TryParse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return FileDescriptorProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            // Expected: the field that made the last step fit belonged to whatever lies behind the descriptor.
            return null;
        }
    }
}
