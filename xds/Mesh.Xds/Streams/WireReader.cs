// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;

namespace Mesh.Xds.Streams;

/// <summary>Reads the fields of one message of the protobuf wire format in place.</summary>
/// <remarks>https://protobuf.dev/programming-guides/encoding</remarks>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const int LargestShift = 63;

    private ReadOnlySpan<byte> rest = message;

    public readonly bool IsAtEnd => rest.IsEmpty;

    /// <summary>The number of the next field, which is one of bytes, and what it holds; 0 for a field of another kind.</summary>
    /// <exception cref="InvalidProtocolBufferException">The message is cut short, or is none.</exception>
    public int ReadField(out ReadOnlySpan<byte> value)
    {
        value = default;
        var tag = ReadVarint();
        if (tag > uint.MaxValue || WireFormat.GetTagWireType((uint)tag) != WireFormat.WireType.LengthDelimited)
        {
            return 0;
        }

        var length = ReadVarint();
        if (length > (ulong)rest.Length)
        {
            throw Torn();
        }

        value = rest[..(int)length];
        rest = rest[(int)length..];
        return WireFormat.GetTagFieldNumber((uint)tag);
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift <= LargestShift; shift += 7)
        {
            if (rest.IsEmpty)
            {
                throw Torn();
            }

            var next = rest[0];
            rest = rest[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Torn();
    }

    // By the library, whose exception cannot be made by others.
    private static InvalidProtocolBufferException Torn()
    {
        try
        {
            new CodedInputStream([0x80]).ReadTag();
        }
        catch (InvalidProtocolBufferException e)
        {
            return e;
        }

        throw new NotSupportedException("The library reads a torn tag.");
    }
}
